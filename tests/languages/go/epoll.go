// Package poll has a Go library's own declarations of epoll.
package poll

const (
	EPOLLIN       = 0x001
	EPOLL_CLOEXEC = 0o2000000
)
