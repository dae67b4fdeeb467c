// SPDX-License-Identifier: MIT
// A program as most are written today, where there is no header of a kernel.
#include "vmlinux.h"

int nothing;
