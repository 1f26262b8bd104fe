//! A Zig library's own declarations of epoll.
const builtin = @import("builtin");

pub const EpollEvent = extern struct {
    events: u32,
    data: u64 align(switch (builtin.cpu.arch) {
        .x86_64 => 4, // the kernel packs it there
        else => @alignOf(u64),
    }),
};

pub const EPOLLIN: u32 = 0x001;
pub const EPOLL_CLOEXEC: c_int = 0o2000000;

pub extern fn epoll_ctl(epfd: c_int, op: c_int, fd: c_int, event: *EpollEvent) c_int;

// What is not used is not compiled: debug information has what is referred to.
const abi = struct {
    export var event: EpollEvent = undefined;
    comptime {
        _ = &EPOLLIN;
        _ = &EPOLL_CLOEXEC;
    }
    export const control = &epoll_ctl;
};
comptime {
    _ = abi;
}
