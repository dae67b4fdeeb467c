// SPDX-License-Identifier: MIT
#include "scripts.hpp"

#include <climits>
#include <random>

#include <sockops/hook/sockopt.hpp>

namespace sockopt_diff {

namespace {

using namespace sockops;

constexpr family families[] = {family::v4, family::v6, family::v6only};
constexpr std::int64_t values[] = {-1,
								   0,
								   1,
								   2,
								   3,
								   7,
								   10,
								   11,
								   87,
								   88,
								   127,
								   128,
								   184,
								   255,
								   256,
								   260,
								   999,
								   1000,
								   1151,
								   1152,
								   2304,
								   4000,
								   4001,
								   8000,
								   8001,
								   32767,
								   32768,
								   65535,
								   120'000,
								   120'001,
								   200'000,
								   200'001,
								   1 << 20,
								   4'194'304,
								   4'194'305,
								   33'554'432,
								   -2,
								   INT_MAX,
								   INT_MAX - 1,
								   INT_MAX / 2,
								   INT_MAX / 2 + 1,
								   INT_MIN,
								   INT_MIN + 1};
constexpr std::size_t lengths[] = {1, 2, 3, 4, 5, 8, 16};

step set_word(int level, int optname, std::int64_t value) {
	return set(level, optname, value_bytes(value, 4));
}

/// So that the connection works whatever device came before.
step unbind() { return set_word(sol::socket, so_option::bindtoifindex, 0); }

/// Cuts a list of steps into scenes of one act that fit a script.
void cut(std::vector<scene>& to, const scene& like, unsigned op, const std::vector<step>& head,
		 const std::vector<step>& steps) {
	const std::size_t room = script_steps - head.size() - 1;
	for (std::size_t at = 0; at < steps.size(); at += room) {
		scene one = like;
		act now{op, 0, head, false};
		now.steps.insert(now.steps.end(), steps.begin() + static_cast<std::ptrdiff_t>(at),
						 steps.begin() + static_cast<std::ptrdiff_t>(std::min(at + room, steps.size())));
		now.steps.push_back(unbind());
		one.acts.push_back(std::move(now));
		to.push_back(std::move(one));
	}
}

step given(int level, int optname, std::size_t optlen = 4) {
	step one = get(level, optname, optlen);
	one.given = true;
	return one;
}

/// What a connection's stack has decided by the time that it is established.
std::vector<step> given_by_stack() {
	return {given(sol::tcp, tcp_option::maxseg), given(sol::tcp, tcp_option::window_clamp),
			given(sol::socket, so_option::sndbuf), given(sol::socket, so_option::rcvbuf)};
}

std::vector<step> read_all() {
	std::vector<step> steps;
	for (const sockopt_info& each : sockopts())
		if (each.optlen == sockopt_info::length::word)
			steps.push_back(get(each.level, each.optname, 4));
	steps.push_back(get(sol::tcp, tcp_option::congestion, 16));
	return steps;
}

/// An op with a script, and where it fires.
struct place {
	const char* name;
	shape what;
	unsigned op;
	bool stack_decides;
};
constexpr place places[] = {
	{"listen", shape::listens, BPF_SOCK_OPS_TCP_LISTEN_CB, false},
	{"connect", shape::connects, BPF_SOCK_OPS_TCP_CONNECT_CB, false},
	{"active established", shape::connects, BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, true},
	{"passive established", shape::accepts, BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, true},
	{"request", shape::accepts, BPF_SOCK_OPS_RWND_INIT, false}};

} // namespace

std::vector<scene> every_option() {
	std::vector<scene> scenes;
	for (const family on : families) {
		std::vector<step> steps;
		for (int level = -1; level != 256; level = level == 50 ? 255 : level + 1)
			for (int optname = -1; optname != 1014; optname = optname == 80 ? 999 : optname + 1)
				for (const std::size_t optlen : lengths) {
					steps.push_back(set(level, optname, value_bytes(1, optlen)));
					steps.push_back(get(level, optname, optlen));
				}
		cut(scenes, {"every option", shape::listens, on, 0, {}}, BPF_SOCK_OPS_TCP_LISTEN_CB, {}, steps);
	}
	return scenes;
}

std::vector<scene> every_value() {
	std::vector<scene> scenes;
	const std::vector<step> all = read_all();
	std::size_t next = 0;
	for (const place& at : places)
		for (const family on : families)
			for (const sockopt_info& row : sockopts()) {
				std::vector<step> steps;
				for (const std::int64_t value : values)
					for (const std::size_t optlen : {std::size_t{4}, lengths[next % 7]}) {
						steps.push_back(set(row.level, row.optname, value_bytes(value, optlen)));
						steps.push_back(get(row.level, row.optname, optlen));
						steps.push_back(all[next++ % all.size()]);
					}
				steps.insert(steps.end(), all.begin(), all.end());
				cut(scenes, {std::string(at.name) + ", " + row.name, at.what, on, 0, {}}, at.op,
					at.stack_decides ? given_by_stack() : std::vector<step>{}, steps);
			}
	return scenes;
}

std::vector<scene> names(const surroundings& where) {
	std::vector<std::string> algorithms = where.congestion_controls;
	for (const char* const more : {"cdg", "cdgx", "reno ", "nosuch", "abcdefghijklmnopqrst", "Cubic", ""})
		algorithms.emplace_back(more);
	algorithms.emplace_back("cdg\0", 4);
	algorithms.emplace_back("reno\0zz", 7);
	algorithms.emplace_back("\0reno", 5);
	std::vector<scene> scenes;
	for (const place& at : places)
		for (const family on : families) {
			std::vector<step> steps;
			for (const std::string& name : algorithms)
				for (std::size_t size = 1; size <= name.size() + 1; ++size) {
					bytes cut_name = name_bytes(name);
					cut_name.resize(size, 0);
					steps.push_back(set(sol::tcp, tcp_option::congestion, cut_name));
					steps.push_back(get(sol::tcp, tcp_option::congestion, 1 + (size * 5) % 20));
				}
			for (const char* const device : {"lo", "lo0", "nosuch", "l", "abcdefghijklmnopqrst", ""})
				for (std::size_t size = 1; size <= 20; size += 1) {
					bytes cut_name = name_bytes(device);
					cut_name.resize(size, 0);
					steps.push_back(set(sol::socket, so_option::bindtodevice, cut_name));
					steps.push_back(get(sol::socket, so_option::bindtoifindex, 4));
					steps.push_back(get(sol::socket, so_option::bindtodevice, size));
				}
			cut(scenes, {std::string(at.name) + ", names", at.what, on, 0, {}}, at.op, {}, steps);
		}
	return scenes;
}

std::vector<scene> saved_syns() {
	std::vector<scene> scenes;
	std::vector<step> reads;
	for (const int optname : {+TCP_BPF_SYN, +TCP_BPF_SYN_IP, +TCP_BPF_SYN_MAC, tcp_option::saved_syn})
		for (const std::size_t optlen :
			 {1, 4, 10, 13, 14, 15, 20, 39, 40, 41, 60, 73, 74, 75, 80, 93, 94, 95, 104})
			reads.push_back(get(sol::tcp, optname, optlen));
	std::vector<step> in_answer = reads;
	in_answer.insert(in_answer.begin(), given(sol::tcp, TCP_BPF_SYN_MAC, script_room));
	std::vector<step> few(reads.begin(), reads.begin() + 60);
	for (const family on : families)
		for (const int save : {0, 1, 2}) {
			const act listen{
				BPF_SOCK_OPS_TCP_LISTEN_CB,
				0,
				{set_word(sol::tcp, tcp_option::save_syn, save),
				 set_word(sol::tcp, TCP_BPF_SOCK_OPS_CB_FLAGS, BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG),
				 get(sol::tcp, tcp_option::save_syn, 4), get(sol::tcp, TCP_BPF_SYN, 40)},
				false};
			const act answering{BPF_SOCK_OPS_HDR_OPT_LEN_CB, 0, in_answer, false};
			for (const unsigned op : {BPF_SOCK_OPS_RWND_INIT, BPF_SOCK_OPS_TIMEOUT_INIT,
									  BPF_SOCK_OPS_WRITE_HDR_OPT_CB, BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB})
				scenes.push_back({"TCP_SAVE_SYN " + std::to_string(save),
								  shape::accepts,
								  on,
								  4,
								  {listen, answering, {op, 0, reads, false}}});
		}
	return scenes;
}

std::vector<scene> other_ops() {
	std::vector<scene> scenes;
	const std::vector<step> all = read_all();
	std::vector<step> sets;
	for (const sockopt_info& row : sockopts())
		for (const std::int64_t value : {0, 1, 3})
			// TCP_NODELAY 1 in an op that it could fire again is not to be tried on a live kernel.
			if (row.level != sol::tcp || row.optname != tcp_option::nodelay || value == 0)
				if (row.optname != TCP_BPF_SOCK_OPS_CB_FLAGS)
					sets.push_back(set_word(row.level, row.optname, value));
	sets.insert(sets.end(), all.begin(), all.end());
	sets.push_back(unbind());
	sets.insert(sets.begin(), given(sol::tcp, tcp_option::maxseg));
	const auto flags = [](int value) {
		return std::vector<step>{set_word(sol::tcp, TCP_BPF_SOCK_OPS_CB_FLAGS, value),
								 set_word(sol::socket, so_option::sk_bpf_cb_flags, 1)};
	};
	for (const family on : families) {
		for (const unsigned op : {BPF_SOCK_OPS_HDR_OPT_LEN_CB, BPF_SOCK_OPS_WRITE_HDR_OPT_CB})
			scenes.push_back(
				{"header options",
				 shape::connects,
				 on,
				 4,
				 {{BPF_SOCK_OPS_TCP_CONNECT_CB, 0, flags(BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG), false},
				  {op, 0, sets, false}}});
		for (const unsigned op : {BPF_SOCK_OPS_HDR_OPT_LEN_CB, BPF_SOCK_OPS_WRITE_HDR_OPT_CB})
			scenes.push_back(
				{"header options of a request",
				 shape::accepts,
				 on,
				 4,
				 {{BPF_SOCK_OPS_TCP_LISTEN_CB, 0, flags(BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG), false},
				  {op, 0, sets, false}}});
		scenes.push_back({"sendmsg",
						  shape::connects,
						  on,
						  0,
						  {{BPF_SOCK_OPS_TCP_CONNECT_CB, 0, flags(0), false},
						   {BPF_SOCK_OPS_TSTAMP_SENDMSG_CB, 0, sets, false}}});
		for (const unsigned state : {TCP_ESTABLISHED, TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_CLOSE}) {
			std::vector<step> closing = given_by_stack();
			closing.insert(closing.end(), sets.begin(), sets.end());
			closing.push_back(set_word(sol::socket, so_option::rcvlowat, INT_MAX));
			closing.push_back(get(sol::socket, so_option::rcvlowat, 4));
			for (const shape what : {shape::connects, shape::accepts}) {
				const unsigned first =
					what == shape::connects ? BPF_SOCK_OPS_TCP_CONNECT_CB : BPF_SOCK_OPS_TCP_LISTEN_CB;
				scenes.push_back({"to state " + std::to_string(state),
								  what,
								  on,
								  0,
								  {{first, 0, flags(BPF_SOCK_OPS_STATE_CB_FLAG), false},
								   {BPF_SOCK_OPS_STATE_CB, state, closing, false}}});
			}
		}
	}
	return scenes;
}

std::vector<scene> random_sequences(unsigned count, std::uint64_t seed) {
	std::vector<scene> scenes;
	std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
	const auto below = [&](std::size_t end) { return random() % end; };
	const auto rows = sockopts();
	const std::vector<step> all = read_all();
	const auto some_steps = [&](std::vector<step> steps) {
		for (int at = 0; at != 40; ++at) {
			const sockopt_info& row = rows[below(rows.size())];
			// Flags fire more ops; a device, sizes and windows change what the stack does.
			if (row.optname == TCP_BPF_SOCK_OPS_CB_FLAGS || row.optname == so_option::sk_bpf_cb_flags)
				continue;
			const std::int64_t value = below(3) ? values[below(std::size(values))]
												: static_cast<std::int32_t>(random()) >> below(32);
			steps.push_back(set_word(row.level, row.optname, value));
			if (below(2))
				steps.push_back(all[below(all.size())]);
		}
		steps.push_back(set_word(sol::socket, so_option::bindtoifindex, static_cast<int>(below(2)))); // "lo"
		if (below(2))
			steps.push_back(set(sol::tcp, tcp_option::congestion, name_bytes(below(2) ? "reno" : "cubic")));
		steps.insert(steps.end(), all.begin(), all.end());
		return steps;
	};
	const auto then = [&] {
		std::vector<step> steps = given_by_stack();
		steps.insert(steps.end(), all.begin(), all.end());
		return some_steps(steps);
	};
	for (unsigned at = 0; at != count; ++at) {
		const family on = families[at % 3];
		if (at / 3 % 2)
			scenes.push_back({"random " + std::to_string(at),
							  shape::connects,
							  on,
							  0,
							  {{BPF_SOCK_OPS_TCP_CONNECT_CB, 0, some_steps({}), false},
							   {BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, 0, then(), false}}});
		else
			scenes.push_back({"random " + std::to_string(at),
							  shape::accepts,
							  on,
							  0,
							  {{BPF_SOCK_OPS_TCP_LISTEN_CB, 0, some_steps({}), false},
							   {BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, 0, then(), false}}});
	}
	return scenes;
}

} // namespace sockopt_diff
