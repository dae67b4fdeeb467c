// SPDX-License-Identifier: MIT
// What a helper or kfunc does, in a line, and what it answers: for pages and lists, in the order of its
// table. What it does in truth is its rule's; which ops and arguments it has, the table's and the rule's. A
// row more or less than the tables have does not compile.
#pragma once

#include <cerrno>
#include <iterator>
#include <string_view>

#include <sockops/bpf/helper_table.hpp>
#include <sockops/bpf/kfunc_table.hpp>

namespace sockops::helper {

struct facts {
	std::string_view name;
	std::string_view what;    ///< a sentence
	std::string_view answers; ///< each errno with when, by the order of the checks; "": nothing
};

// clang-format off

/// Of those in bpf_helpers that are here.
inline constexpr facts helper_facts[] = {
	{"bpf_map_lookup_elem", "Finds the value of a key; in a PERCPU map this CPU's.",
	 "the value's address; NULL: there is none"},
	{"bpf_map_update_elem", "Sets the value of a key, which is added where it is not there.",
	 "0; -EINVAL: unknown flags, or BPF_F_LOCK without a lock in the value; -EEXIST: BPF_NOEXIST and the key is there, as each index of an ARRAY is; -ENOENT: BPF_EXIST and it is not; -E2BIG: an index beyond the map, or a full HASH"},
	{"bpf_map_delete_elem", "Takes a key out of the map; also a socket out of a SOCKMAP or SOCKHASH.",
	 "0; -ENOENT: no such key; -EINVAL: an ARRAY, whose elements stay, or no such entry of a SOCKMAP"},
	{"bpf_ktime_get_ns", "CLOCK_MONOTONIC, by the clock of the socket's net.", "nanoseconds"},
	{"bpf_trace_printk", "Prints a line with up to three arguments: to the net's observers, or to stderr.",
	 "the length of the line; -EINVAL: no NUL within fmt_size, a conversion that is refused, or more of them than arguments"},
	{"bpf_get_prandom_u32", "A number from the random source of the socket's net.", "the number"},
	{"bpf_get_smp_processor_id", "The number of this CPU, which here each thread is.", "0 to 1023"},
	{"bpf_tail_call", "Goes on with a program of a PROG_ARRAY in this one's place, at most 33 times in a row.",
	 "does not return; where there is no such program, or after 33, the caller goes on behind the call"},
	{"bpf_get_current_pid_tgid", "Whose turn it is: here the process and thread that the program runs in.",
	 "the process's number << 32, and the thread's"},
	{"bpf_get_current_uid_gid", "Of the process that the program runs in.", "the group's number << 32, and the user's"},
	{"bpf_get_current_comm", "The name of the thread that the program runs in, with a NUL, and zeroes behind it.", "0"},
	{"bpf_perf_event_output", "Appends a record to a CPU's buffer, for a reader in user space.",
	 "0; -EINVAL: other flags than the index; -E2BIG: an index beyond the map; -ENOENT: no buffer is open there; -EOPNOTSUPP: another CPU's; -ENOSPC: it is full, and the record is counted as lost"},
	{"bpf_get_numa_node_id", "The NUMA node of this CPU.", "0: there is one node"},
	{"bpf_get_socket_cookie", "The number of the socket or request, which a child has from its request.", "the cookie, never 0"},
	{"bpf_setsockopt", "Sets an option of the socket.",
	 "0; -EOPNOTSUPP: a TSTAMP op; -EINVAL: a request, an option that is not to be set here, a length or value that is not allowed; and what the option has of its own: -ENODEV, -ENOENT, -EBUSY, -EPERM, -ENOTSUPP (hook/sockopt.hpp)"},
	{"bpf_sock_map_update", "Enters the socket into a SOCKMAP, by an index.",
	 "0; -EOPNOTSUPP: another op, or no full TCP socket; -EINVAL: flags above BPF_EXIST; -E2BIG: an index beyond the map; -ENOMEM; -EEXIST: BPF_NOEXIST and there is an entry; -ENOENT: BPF_EXIST and there is none"},
	{"bpf_getsockopt", "Reads an option of the socket; with TCP_BPF_SYN, _SYN_IP and _SYN_MAC the headers of its SYN.",
	 "0, or of a SYN its length; -EOPNOTSUPP: a TSTAMP op, and the memory is not touched; -EINVAL: a request, an option that is not to be read here, a length that is not allowed; -ENOENT: no SYN was kept; -ENOSPC: it is longer, and what there is room for was copied. After all other errors the memory is zero"},
	{"bpf_sock_ops_cb_flags_set", "Assigns the callback flags, which say for which ops the socket is called. It does not add to them.",
	 "the bits that it does not know, 0 if there are none: the others are set all the same; -EOPNOTSUPP: a TSTAMP op; -EINVAL: a request"},
	{"bpf_sock_hash_update", "Enters the socket into a SOCKHASH, by a key.",
	 "0; -EOPNOTSUPP: another op, or no full TCP socket; -EINVAL: flags above BPF_EXIST; -ENOMEM; -EEXIST: BPF_NOEXIST and there is an entry; -ENOENT: BPF_EXIST and there is none; -E2BIG: it is full"},
	{"bpf_map_push_elem", "Adds a value to a QUEUE or STACK; with BPF_EXIST a full one drops its oldest.",
	 "0; -EINVAL: other flags than BPF_EXIST; -E2BIG: it is full"},
	{"bpf_map_pop_elem", "Takes the value that is next: of a QUEUE the oldest, of a STACK the newest.",
	 "0; -ENOENT: it is empty, and the value is zero"},
	{"bpf_map_peek_elem", "Reads the value that bpf_map_pop_elem() would take.", "0; -ENOENT: it is empty, and the value is zero"},
	{"bpf_spin_lock", "Takes the lock in a map's value; a program holds one at a time, and calls little meanwhile.",
	 "0. A second lock, or one that is never released, stops the program"},
	{"bpf_spin_unlock", "Releases it.", "0. A lock that the program does not hold stops it"},
	{"bpf_tcp_sock", "The socket as a struct bpf_tcp_sock, whose fields the program may read.",
	 "NULL: sk is NULL, or no full TCP socket"},
	{"bpf_strtol", "The number at the beginning of a text; flags is the base: 8, 10, 16, or 0 for what the prefix says.",
	 "the characters that were taken; -EINVAL: another base, or no digits; -ERANGE: too large"},
	{"bpf_strtoul", "The same without a sign.", "the characters that were taken; -EINVAL: another base, a minus, or no digits; -ERANGE: too large"},
	{"bpf_sk_storage_get", "The socket's value in an SK_STORAGE map; with BPF_SK_STORAGE_GET_F_CREATE a new one where there is none.",
	 "the value's address; NULL: no full socket, flags above 1, there is none, or no memory (the socket's own limit included) for one"},
	{"bpf_sk_storage_delete", "Takes the socket's value away.", "0; -EINVAL: no full socket; -ENOENT: there is none, or the socket is freed"},
	{"bpf_probe_read_user", "Would read from user space, which a simulated socket has not.", "-EFAULT, and zeroes"},
	{"bpf_probe_read_kernel", "Reads from any address that leads to memory of the program or of the library's kernel types.",
	 "0; -EFAULT: no memory there, by an address of a kernel; -ERANGE: by another address; and zeroes"},
	{"bpf_probe_read_user_str", "Would read a string from user space, which a simulated socket has not.", "-EFAULT, and zeroes"},
	{"bpf_probe_read_kernel_str", "The same as bpf_probe_read_kernel() to the NUL, cut to size, the NUL included.",
	 "the length with its NUL; -EFAULT, -ERANGE: as bpf_probe_read_kernel()"},
	{"bpf_jiffies64", "Ticks of the clock of the socket's net, HZ a second.", "jiffies since the clock's 0"},
	{"bpf_get_ns_current_pid_tgid", "The process and thread as a pid namespace numbers them.",
	 "0; -EINVAL: size is not 8, or dev and ino are those of another namespace; and zeroes"},
	{"bpf_get_netns_cookie", "The number of the socket's net.", "the cookie; of a NULL context 1, the first net's"},
	{"bpf_ktime_get_boot_ns", "CLOCK_BOOTTIME, by the clock of the socket's net and its suspended_ns.", "nanoseconds"},
	{"bpf_ringbuf_output", "Copies a record into a ring buffer, for a reader in user space.",
	 "0; -EINVAL: unknown flags; -EAGAIN: no room"},
	{"bpf_ringbuf_reserve", "Room for a record, which the program fills and has to give back.",
	 "the record's address; NULL: no room, too large, or flags"},
	{"bpf_ringbuf_submit", "Gives a record to the reader, who is woken if it has read all before; flags: BPF_RB_NO_WAKEUP, BPF_RB_FORCE_WAKEUP.", ""},
	{"bpf_ringbuf_discard", "Gives a record back unread.", ""},
	{"bpf_ringbuf_query", "Asks a ring buffer: unread bytes, its size, the reader's position, the writers'.",
	 "bytes; 0 for what it does not know"},
	{"bpf_skc_to_tcp6_sock", "The socket as a struct tcp6_sock.", "NULL: no full TCP socket of AF_INET6"},
	{"bpf_skc_to_tcp_sock", "The socket as a struct tcp_sock.", "NULL: no full TCP socket"},
	{"bpf_skc_to_tcp_timewait_sock", "The socket as a struct tcp_timewait_sock.", "NULL: not in TIME_WAIT"},
	{"bpf_skc_to_tcp_request_sock", "The socket as a struct tcp_request_sock.", "NULL: no request"},
	{"bpf_skc_to_udp6_sock", "The socket as a struct udp6_sock.", "NULL: no UDP socket of AF_INET6, which no op has"},
	{"bpf_load_hdr_opt", "Finds a header option by its kind, and of kinds 253 and 254 by 2 or 4 bytes of magic: in the segment at hand, or with BPF_LOAD_HDR_OPT_TCP_SYN in the connection's SYN.",
	 "the option's length; -EOPNOTSUPP: a TSTAMP op; -EINVAL: len below 2, unknown flags, or no kind that can be looked for; -ENOENT: no SYN was kept; -EPERM: no segment is at hand; -ENOMSG: not found; -EFAULT: a malformed option comes first; -ENOSPC: longer than len, and its beginning was copied"},
	{"bpf_store_hdr_opt", "Appends a header option to the room that was reserved; as many bytes as its length byte says.",
	 "0; -EPERM: another op; -EINVAL: len below 2 or below the option's length, flags, EOL or NOP; -ENOSPC: no room left; -EINVAL: kind 253 or 254 without a magic; -EEXIST: there is one of this kind; -EFAULT: an option in the header is malformed"},
	{"bpf_reserve_hdr_opt", "Reserves room for header options in the segment that is being sized. What all programs reserve adds up.",
	 "0; -EPERM: another op; -EINVAL: len below 2, or flags; -ENOSPC: fewer than len bytes are left"},
	{"bpf_ktime_get_coarse_ns", "CLOCK_MONOTONIC_COARSE: the net's clock at its last tick.", "nanoseconds"},
	{"bpf_for_each_map_elem", "Calls a function of the program for each element, until it returns 1.",
	 "how often it was called; -EINVAL: flags, or a map that cannot be walked"},
	{"bpf_snprintf", "Writes a text by a format, its arguments in an array of words.",
	 "the length that the text has uncut, with its NUL; -EINVAL: as bpf_trace_printk(), or data_len is no number of words up to 12"},
	{"bpf_trace_vprintk", "bpf_trace_printk() with up to 12 arguments, in an array of words.",
	 "the length of the line; -EINVAL: as bpf_trace_printk(), or data_len is no number of words up to 12"},
	{"bpf_skc_to_unix_sock", "The socket as a struct unix_sock.", "NULL: no socket of AF_UNIX, which no op has"},
	{"bpf_loop", "Calls a function of the program with the numbers from 0 on, until it returns 1.",
	 "how often it was called; -EINVAL: flags; -E2BIG: more than 8,388,608 times"},
	{"bpf_strncmp", "Compares s1, of s1_sz bytes at most, with a constant string.", "-1, 0 or 1"},
	{"bpf_map_lookup_percpu_elem", "Finds another CPU's value of a key in a PERCPU map.",
	 "the value's address; NULL: there is none, or no such CPU"},
	{"bpf_skc_to_mptcp_sock", "The MPTCP socket of a subflow.", "NULL: there are none"},
	{"bpf_dynptr_from_mem", "Makes a dynptr of memory in a map's value.",
	 "0; -E2BIG: more than 16,777,215 bytes; -EINVAL: flags"},
	{"bpf_ringbuf_reserve_dynptr", "Room for a record whose size is known at run only. To be submitted or discarded also after an error.",
	 "0; -EINVAL: flags; -E2BIG: more than 16,777,215 bytes; -EINVAL: no room"},
	{"bpf_ringbuf_submit_dynptr", "Gives such a record to the reader.", ""},
	{"bpf_ringbuf_discard_dynptr", "Gives such a record back unread.", ""},
	{"bpf_dynptr_read", "Copies bytes out of a dynptr.", "0; -EINVAL: it is null, or flags; -E2BIG: beyond its end"},
	{"bpf_dynptr_write", "Copies bytes into a dynptr.", "0; -EINVAL: it is null, or flags; -E2BIG: beyond its end"},
	{"bpf_dynptr_data", "The bytes of a dynptr themselves.", "their address; NULL: it is null, or beyond its end"},
	{"bpf_ktime_get_tai_ns", "CLOCK_TAI, by the clock of the socket's net and its tai_offset_ns.", "nanoseconds"},
};

/// Of those in bpf_kfuncs that are here.
inline constexpr facts kfunc_facts[] = {
	{"bpf_cast_to_kern_ctx", "The context as the kernel has it, a struct bpf_sock_ops_kern.", "its address"},
	{"bpf_rdonly_cast", "The same pointer by another type of the kernel, to be read only.", "the pointer"},
	{"bpf_rcu_read_lock", "Enters a read-side section. It does not nest.", ""},
	{"bpf_rcu_read_unlock", "Leaves it.", ""},
	{"bpf_preempt_disable", "The program is not switched out from here on. It nests.", ""},
	{"bpf_preempt_enable", "It may be again.", ""},
	{"bpf_local_irq_save", "No interrupt from here on; at most 8 at a time, undone in reverse order.", ""},
	{"bpf_local_irq_restore", "Undoes the last bpf_local_irq_save().", ""},
	{"bpf_sock_ops_enable_tx_tstamp", "Samples the send that a TSTAMP_SENDMSG_CB reports: its way out and its acknowledgement are reported, too.",
	 "0; -EOPNOTSUPP: another op; -EINVAL: flags"},
	{"bpf_map_sum_elem_count", "How many entries a map has.", "their number; 0 of a type that does not count them"},
	{"bpf_iter_num_new", "Begins with the numbers from start to before end.", "0; -EINVAL: start is above end; -E2BIG: more than 8,388,608"},
	{"bpf_iter_num_next", "The next number.", "where it is; NULL: there is none"},
	{"bpf_iter_num_destroy", "Ends it.", ""},
	{"bpf_iter_bits_new", "Begins with the bits that are set in words of 64.",
	 "0; -EINVAL: no words; -E2BIG: more than 511; -EFAULT: they cannot be read; -ENOMEM"},
	{"bpf_iter_bits_next", "The number of the next bit.", "where it is; NULL: there is none"},
	{"bpf_iter_bits_destroy", "Ends it.", ""},
	{"bpf_dynptr_slice", "The bytes of a dynptr themselves, as many as the buffer has, which is not used.",
	 "their address; NULL: it is null, or beyond its end"},
	{"bpf_dynptr_adjust", "Leaves of a dynptr what is from start to before end.",
	 "0; -EINVAL: it is null, or start is above end; -ERANGE: end is beyond it"},
	{"bpf_dynptr_is_null", "Is it null?", "true or false"},
	{"bpf_dynptr_is_rdonly", "May its bytes only be read?", "false: what a SOCK_OPS program can make one of can be written"},
	{"bpf_dynptr_size", "How large is it?", "bytes; -EINVAL: it is null"},
	{"bpf_dynptr_clone", "A second dynptr of the same bytes.", "0; -EINVAL: it is null"},
	{"bpf_dynptr_copy", "Copies bytes from one dynptr to another; they may overlap.", "0; -EINVAL: one is null; -E2BIG: beyond an end"},
	{"bpf_dynptr_memset", "Sets bytes of a dynptr.", "0; -E2BIG: beyond its end"},
	{"bpf_probe_read_kernel_dynptr", "bpf_probe_read_kernel() into a dynptr.", "0; -E2BIG: beyond its end; -EFAULT, -ERANGE: as bpf_probe_read_kernel()"},
	{"bpf_probe_read_kernel_str_dynptr", "bpf_probe_read_kernel_str() into a dynptr.", "the length with its NUL; -E2BIG: beyond its end; -EFAULT, -ERANGE: as bpf_probe_read_kernel()"},
	{"bpf_probe_read_user_dynptr", "Would read from user space, which a simulated socket has not.", "-E2BIG: beyond its end; else -EFAULT, and zeroes"},
	{"bpf_probe_read_user_str_dynptr", "Would read a string from user space, which a simulated socket has not.", "-E2BIG: beyond its end; else -EFAULT, and zeroes"},
	{"bpf_strcmp", "Compares two strings.", "-1, 0 or 1; -ERANGE, -EFAULT: no string there; -E2BIG: longer than 65,536 bytes"},
	{"bpf_strcasecmp", "Compares two strings, A as a.", "-1, 0 or 1; errors as bpf_strcmp()"},
	{"bpf_strchr", "Where a byte is first.", "its place; -ENOENT: nowhere; else errors as bpf_strcmp()"},
	{"bpf_strchrnul", "Where a byte is first, or the end.", "its place; errors as bpf_strcmp()"},
	{"bpf_strnchr", "Where a byte is first, within count bytes.", "its place; -ENOENT: nowhere; else errors as bpf_strcmp()"},
	{"bpf_strrchr", "Where a byte is last.", "its place; -ENOENT: nowhere; else errors as bpf_strcmp()"},
	{"bpf_strlen", "The length of a string.", "bytes without the NUL; errors as bpf_strcmp()"},
	{"bpf_strnlen", "The length of a string, count at most.", "bytes without the NUL; errors as bpf_strcmp()"},
	{"bpf_strspn", "How many bytes at the beginning are among those of accept.", "bytes; errors as bpf_strcmp()"},
	{"bpf_strcspn", "How many bytes at the beginning are not among those of reject.", "bytes; errors as bpf_strcmp()"},
	{"bpf_strstr", "Where a string begins in another.", "the place; -ENOENT: nowhere; else errors as bpf_strcmp()"},
	{"bpf_strnstr", "Where a string begins in the first len bytes of another.", "the place; -ENOENT: nowhere; else errors as bpf_strcmp()"},
};
// clang-format on

namespace detail {
/// Have the rows of a table that are here facts, one each, in the same order?
constexpr bool describes(const auto& all, const auto& table) noexcept {
	std::size_t at = 0;
	for (const auto& row : table)
		if (!row.prototype.empty() && (at == std::size(all) || all[at++].name != row.name))
			return false;
	return at == std::size(all);
}
/// Do the answers of each helper that is not for all ops have the errno that its table has for the others?
constexpr bool answers_elsewhere(const auto& all) noexcept {
	for (const facts& each : all) {
		const bpf_helper* const row = find_helper(each.name);
		if (!row || row->elsewhere == 0)
			continue;
		const std::string_view name = row->elsewhere == EPERM        ? "-EPERM:"
									  : row->elsewhere == EOPNOTSUPP ? "-EOPNOTSUPP:"
																	 : "?";
		if (each.answers.find(name) == each.answers.npos)
			return false;
	}
	return true;
}
} // namespace detail
static_assert(detail::answers_elsewhere(helper_facts) && detail::answers_elsewhere(kfunc_facts),
			  "what a helper answers in ops that it is not for is missing");
static_assert(detail::describes(helper_facts, bpf_helpers),
			  "a helper that is here has no line, or is out of order");
static_assert(detail::describes(kfunc_facts, bpf_kfuncs),
			  "a kfunc that is here has no line, or is out of order");

/// Of a helper or kfunc that is here.
constexpr const facts& facts_of(std::string_view name) noexcept {
	for (const facts& each : helper_facts)
		if (each.name == name)
			return each;
	for (const facts& each : kfunc_facts)
		if (each.name == name)
			return each;
	__builtin_unreachable();
}

} // namespace sockops::helper
