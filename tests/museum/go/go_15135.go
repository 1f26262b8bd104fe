// struct epoll_event as case go-15135 of ../cases.yaml has it: without the 4 bytes that most
// targets have before the data word.
package main

type EpollEvent struct {
	Events uint32
	Fd     int32
	Pad    int32
}

var event EpollEvent

func main() { println(&event) }
