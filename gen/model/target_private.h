/* target_private.h - what target.c and target_here.c share, and nobody else includes. */
#ifndef ABIPROOF_TARGET_PRIVATE_H
#define ABIPROOF_TARGET_PRIVATE_H

#include "model/target.h"

/* Fill in what this machine has of a target, and of a kernel. root: as of targets_load. What is
 * filled in lives in the arena. */
void target_look_up(struct target *target, struct arena *arena, const char *root);
void kernel_look_up(struct kernel *kernel, struct arena *arena, const char *root);

#endif
