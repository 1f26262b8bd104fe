//! EPOLL_CLOEXEC as case nsepoll-6 of ../cases.yaml has it: the value of FD_CLOEXEC.
#![no_std]

#[no_mangle]
pub static EPOLL_CLOEXEC: i32 = 1;
