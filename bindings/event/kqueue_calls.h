/* What backend_kqueue.c shares with kqueue_calls.c alone. Not installed. */
#ifndef ABP_KQUEUE_CALLS_H
#define ABP_KQUEUE_CALLS_H

#include "abp_kqueue.h"

/* Waits once, at most timeout_ms, -1 for ever. Events, 0, or -errno, with -EINTR. */
int abp_kq_wait_once(int kq, struct raw_kevent *events, int cap, int timeout_ms);

#endif
