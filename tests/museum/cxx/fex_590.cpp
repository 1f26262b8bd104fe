// struct epoll_event as case fex-590 of ../cases.yaml has it: the guest's, which is packed.
namespace guest {
struct __attribute__((packed)) epoll_event {
    unsigned int events;
    unsigned long long data;
};
} // namespace guest

guest::epoll_event event;
