//go:build !(amd64 || 386)

package poll

// EpollEvent is what epoll_wait(2) fills.
type EpollEvent struct {
	Events uint32
	_      int32
	Fd     int32
	Pad    int32
}
