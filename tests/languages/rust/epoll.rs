//! A Rust crate's own declarations of epoll.
#![no_std]

#[repr(C)]
#[cfg_attr(any(target_arch = "x86_64", target_arch = "x86"), repr(packed))]
pub struct EpollEvent {
    pub events: u32,
    pub data: u64,
}

pub const EPOLLIN: u32 = 0x001;
pub const EPOLL_CLOEXEC: i32 = 0o2000000;

extern "C" {
    pub fn epoll_ctl(epfd: i32, op: i32, fd: i32, event: *mut EpollEvent) -> i32;
}

/// What debug information would leave out: a constant, a declared function. A crate hides this
/// module behind a feature or `cfg(debug_assertions)`.
#[allow(non_upper_case_globals)]
pub mod abi {
    use super::EpollEvent;

    pub static EPOLLIN: u32 = super::EPOLLIN;
    pub static EPOLL_CLOEXEC: i32 = super::EPOLL_CLOEXEC;
    pub static epoll_ctl: unsafe extern "C" fn(i32, i32, i32, *mut EpollEvent) -> i32 =
        super::epoll_ctl;
}
