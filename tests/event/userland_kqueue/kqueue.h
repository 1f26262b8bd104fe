/* Stands before bindings/c/kqueue.h when backend_kqueue.c is built for this machine: FreeBSD's
 * layout on a system that has no kqueue, for kqueue.c beside this, which implements it.
 */
#ifndef TESTS_USERLAND_KQUEUE_H
#define TESTS_USERLAND_KQUEUE_H

#include "raw.h"

#if defined(RAW_TARGET_X86_64_LINUX)
#define RAW_TARGET_X86_64_FREEBSD 1
#elif defined(RAW_TARGET_AARCH64_LINUX)
#define RAW_TARGET_AARCH64_FREEBSD 1
#endif
#include "kqueue_freebsd.h"

#endif
