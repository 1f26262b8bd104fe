//go:build amd64 || 386

package poll

// EpollEvent is what epoll_wait(2) fills. Go cannot pack a struct: it splits the data word.
type EpollEvent struct {
	Events uint32
	Fd     int32
	Pad    int32
}
