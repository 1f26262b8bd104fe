// A C++ library's own declarations of epoll.
#include <cstdint>

namespace poller {

#if defined(__x86_64__) || defined(__i386__)
#pragma pack(push, 1) // the kernel packs it there, and nowhere else
#define POLLER_PACKED
#endif
struct Event {
    std::uint32_t events;
    std::uint64_t data;
};
#ifdef POLLER_PACKED
#pragma pack(pop)
#endif

enum class Interest : std::uint32_t { in = 0x001, edge = 1u << 31 };

constexpr int epoll_cloexec = 02000000;

extern "C" int epoll_ctl(int epfd, int op, int fd, Event *event);

int control(int epfd, int op, int fd, Event *event) { return epoll_ctl(epfd, op, fd, event); }

} // namespace poller
