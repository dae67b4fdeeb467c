// SPDX-License-Identifier: MIT
#include "program_cases.hpp"

namespace three_ways {

namespace {

constexpr char real_time[] = "on real sockets it is real time";
constexpr char own_address[] = "on real sockets a scripted peer has an address of its own";
constexpr char name_of_reno[] = "the small TCP's congestion control is Reno under any name";
constexpr char queue_of_lo[] = "now and then a kernel remembers by which queue of lo a segment came";
constexpr char no_rates[] = "the small TCP makes no samples of its rate";
constexpr char between_sides[] = "which side of a connection is called first is not kept";

std::vector<program_case> make_cases() {
	return {
		{.name = "congestion", .entry = "congestion", .globals = {"asked_for_base_rtt"}},
		{.name = "conn_stats",
		 .entry = "conn_stats",
		 .masks = {{"opened_ns", real_time}, {"lived_ns", real_time}}},
		{.name = "core_fields", .entry = "core_fields", .native = false},
		{.name = "dynptr_parts",
		 .entry = "dynptr_parts",
		 .globals = {"memory", "other", "adjusted", "copied", "filled", "probed", "cloned", "null_size",
					 "null_is_null", "is_null", "is_rdonly", "clone_size", "clone_is_null", "slices",
					 "slice_of_null", "first_byte", "slice_beyond", "record_slices"},
		 .record_map = "records",
		 .record_type = "struct piece",
		 .once = true,
		 .since = sockops::release(6, 17)},
		{.name = "dynptrs",
		 .entry = "dynptrs",
		 .globals = {"reported", "discarded", "written", "beyond", "wrong_flags", "read_back", "scratch"},
		 .record_map = "histories",
		 .record_type = "struct history"},
		{.name = "globals",
		 .entry = "globals",
		 .globals = {"balance", "lowest", "by_state", "letters", "seen", "mood", "hidden"}},
		{.name = "header_options", .entry = "header_options"},
		{.name = "init_replies", .entry = "init_replies", .globals = {"asked"}},
		{.name = "iterators", .entry = "iterators", .since = sockops::release(6, 14)},
		{.name = "kconfig", .entry = "kconfig", .globals = {"hz", "is_6", "asked", "unset", "letters"}},
		{.name = "loops",
		 .entry = "loops",
		 .globals = {"total", "visited", "stopped_at", "triangles", "looped", "wrong_flags"}},
		{.name = "lru_peers",
		 .entry = "lru_peers",
		 .masks = {{"", own_address, "peer_opens_simultaneously"}}},
		{.name = "neighbours", .entry = "first_of_three", .later = {"second_of_three", "third_of_three"}},
		{.name = "op_counts", .entry = "op_counts"},
		{.name = "perf_events",
		 .entry = "perf_events",
		 .globals = {"sent", "not_sent", "wrong_flags"},
		 .record_map = "events",
		 .record_type = "struct event"},
		{.name = "queues", .entry = "queues", .globals = {"of_queue", "of_stack"}, .once = true},
		{.name = "retransmits", .entry = "retransmits"},
		{.name = "rtt_histogram", .entry = "rtt_histogram", .masks = {{"", real_time, ": histogram["}}},
		{.name = "saved_syn", .entry = "saved_syn"},
		{.name = "sends", .entry = "sends", .since = sockops::release(6, 15)},
		{.name = "sock_maps", .entry = "sock_maps", .socket_maps = {"by_ports", "by_side"}},
		{.name = "socket_fields",
		 .entry = "socket_fields",
		 .masks = {{"src_ip4", own_address, "peer_opens_simultaneously"},
				   {"src_ip6", own_address, "peer_opens_simultaneously"},
				   {"dst_ip4", own_address, "peer_opens_simultaneously"},
				   {"dst_ip6", own_address, "peer_opens_simultaneously"},
				   {"rx_queue_mapping", queue_of_lo},
				   {"rate_delivered", no_rates},
				   {"rate_interval_us", no_rates}}},
		{.name = "spin_lock",
		 .entry = "under_lock",
		 .globals = {"torn"},
		 .masks = {{"last_op", between_sides}}},
		{.name = "state_ringbuf",
		 .entry = "state_ringbuf",
		 .globals = {"reported", "discarded", "lost"},
		 .record_map = "changes",
		 .record_type = "struct change",
		 .masks = {{"time_ns", real_time}, {"number", between_sides}}},
		{.name = "strings",
		 .entry = "strings",
		 .globals = {"compared", "without_case", "found", "spans", "other_spans", "found_within", "long_as",
					 "at_most", "first", "or_end", "last", "first_within", "null", "too_long", "done"},
		 .once = true,
		 .since = sockops::release(6, 18)},
		{.name = "subprograms", .entry = "subprograms"},
		{.name = "tail_calls",
		 .entry = "tail_calls",
		 .globals = {"inits", "connects", "established", "states", "circles", "without_program"}},
		{.name = "texts",
		 .entry = "texts_of_ops",
		 .globals = {"read_number", "read_negative", "read_unsigned", "read_length", "not_a_number",
					 "compared", "cut_to", "cut"},
		 .masks = {{"line", own_address, "peer_opens_simultaneously"},
				   {"length", own_address, "peer_opens_simultaneously"}}},
		{.name = "tune", .entry = "tune", .masks = {{"congestion", name_of_reno}}},
		{.name = "views", .entry = "views_of_sockets"},
	};
}

} // namespace

const std::vector<program_case>& program_cases() {
	static const std::vector<program_case> all = make_cases();
	return all;
}

const std::vector<program_case>& vmlinux_cases() {
	static const std::vector<program_case> all = [] {
		std::vector<program_case> cases = make_cases();
		for (program_case& each : cases)
			each.form = "_vmlinux";
		return cases;
	}();
	return all;
}

const std::vector<std::string>& few_timelines() {
	static const std::vector<std::string> few = {"data_lost_twice", "plain"};
	return few;
}

const std::vector<std::string>& timelines_of(const program_case& of, const std::vector<std::string>& names) {
	static const std::vector<std::string> one = {"plain"};
	return of.once ? one : names;
}

const std::vector<std::string>& timelines() {
	static const std::vector<std::string> all = {"addresses_of",
												 "client_aborts",
												 "closed_with_unread_data",
												 "data_lost_twice",
												 "disconnect_and_reconnect",
												 "ecn_by_sysctl",
												 "fast_open",
												 "fin_lost",
												 "last_ack_of_the_handshake_lost",
												 "one_of_eight_lost",
												 "peer_opens_simultaneously",
												 "plain",
												 "plain_without_timestamps",
												 "refused",
												 "sendmsg",
												 "server_closes_first",
												 "simultaneous_close",
												 "simultaneous_open",
												 "syn_lost",
												 "tail_loss_probe"};
	return all;
}

} // namespace three_ways
