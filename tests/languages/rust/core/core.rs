//! As much of Rust's core library as a binding without code needs, for targets whose own one is not
//! installed. Layout is decided by rustc itself: by the target's data layout and `repr`, neither of
//! which any core library has a part in. Tested with rustc 1.63 and 1.95.
#![feature(no_core, lang_items, cfg_version, auto_traits)]
#![no_core]
#![allow(unknown_lints, internal_features)]

#[cfg(version("1.90"))]
#[lang = "pointee_sized"]
pub trait PointeeSized {}
#[cfg(version("1.90"))]
#[lang = "meta_sized"]
pub trait MetaSized: PointeeSized {}
#[cfg(version("1.90"))]
#[lang = "sized"]
pub trait Sized: MetaSized {}
#[cfg(not(version("1.90")))]
#[lang = "sized"]
pub trait Sized {}

#[lang = "copy"]
pub trait Copy {}
impl Copy for i32 {}
impl Copy for u32 {}
impl Copy for u64 {}

#[lang = "sync"]
pub trait Sync {}
impl<T> Sync for T {}

#[lang = "freeze"]
pub unsafe auto trait Freeze {}

#[cfg(version("1.90"))]
#[lang = "drop_in_place"]
pub unsafe fn drop_in_place<T: PointeeSized>(_: *mut T) {}
#[cfg(not(version("1.90")))]
#[lang = "drop_in_place"]
pub unsafe fn drop_in_place<T: ?Sized>(_: *mut T) {}

pub mod prelude {
    pub mod rust_2021 {
        pub use crate::{Copy, Sized, Sync};
    }
}
