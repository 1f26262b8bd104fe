package poll

import "testing"

// Types that no function reaches do not get into the executable.
var event = EpollEvent{Events: EPOLLIN}

func TestABI(t *testing.T) {
	t.Logf("%v", event)
}
