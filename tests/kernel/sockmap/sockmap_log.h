// SPDX-License-Identifier: MIT
// What the BPF program and the test share: the calls that the program made, and what they returned.
#ifndef SOCKOPS_TESTS_KERNEL_SOCKMAP_LOG_H
#define SOCKOPS_TESTS_KERNEL_SOCKMAP_LOG_H

enum { sockmap_log_room = 8192 };

// The maps, by number. Capacities are small, so that they are full and their keys taken.
enum { map_array4, map_array8, map_hash4, map_hash12, sockmap_maps };
enum { array_entries = 5, hash_entries = 4, sockmap_keys = 7 };

// A key of any of them: an array and hash4 take its first word.
struct sockmap_key {
	unsigned int words[3];
};

struct sockmap_call {
	unsigned long long cookie, flags;
	unsigned int op, map, key;
	int erase, result;
};

struct sockmap_log {
	unsigned int random; // a seed, then the generator's state
	unsigned int count;
	struct sockmap_call calls[sockmap_log_room];
};

#endif
