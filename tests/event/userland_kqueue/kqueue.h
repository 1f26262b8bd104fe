/* Stands before bindings/c/kqueue.h when backend_kqueue.c is built for this machine: the layout and
 * the constants of a system that has kqueue, on one that has not, for kqueue.c beside this, which
 * implements it. FreeBSD's, or with -DUSERLAND_KQUEUE_OF_MACOS, _NETBSD or _OPENBSD theirs; and of
 * the machine that has the same types.
 */
#ifndef TESTS_USERLAND_KQUEUE_H
#define TESTS_USERLAND_KQUEUE_H

#include "raw.h"

#if defined(USERLAND_KQUEUE_OF_MACOS)
#define RAW_TARGET_X86_64_MACOS 1
#include "kqueue_macos.h"
#elif defined(USERLAND_KQUEUE_OF_NETBSD)
#define RAW_TARGET_X86_64_NETBSD 1
#include "kqueue_netbsd.h"
#elif defined(USERLAND_KQUEUE_OF_OPENBSD)
#define RAW_TARGET_X86_64_OPENBSD 1
#include "kqueue_openbsd.h"
#else
#if defined(RAW_TARGET_I386_LINUX)
#define RAW_TARGET_I386_FREEBSD 1
#elif defined(RAW_TARGET_ARM_LINUX)
#define RAW_TARGET_ARM_FREEBSD 1
#elif defined(RAW_TARGET_PPC64_LINUX) || defined(RAW_TARGET_S390X_LINUX)
#define RAW_TARGET_POWERPC64_FREEBSD 1
#else
#define RAW_TARGET_X86_64_FREEBSD 1
#endif
#include "kqueue_freebsd.h"
#endif

#endif
