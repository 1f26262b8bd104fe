//! Every crate is linked with this one; a binding calls nothing of it.
#![feature(no_core, compiler_builtins)]
#![no_core]
#![allow(unknown_lints, internal_features)]
#![compiler_builtins]
