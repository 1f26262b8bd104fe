//! struct epoll_event as case quark-1237 of ../cases.yaml has it: packed on every target.
#![no_std]

#[repr(C, packed)]
pub struct EpollEvent {
    pub events: u32,
    pub data: u64,
}

#[no_mangle]
pub static EVENT: EpollEvent = EpollEvent { events: 0, data: 0 };
