module example.org/poll

go 1.19
