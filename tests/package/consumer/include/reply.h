/* SPDX-License-Identifier: MIT */
/* In a folder that INCLUDES names. */
#define REPLY_OF(jiffies) ((jiffies) + MORE)
