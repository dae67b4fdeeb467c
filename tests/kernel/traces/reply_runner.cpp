// SPDX-License-Identifier: MIT
#include "reply_runner.hpp"

#include <cerrno>
#include <cstring>
#include <map>
#include <thread>
#include <tuple>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "../cgroup_folder.hpp"
#include "bpf_programs.hpp"
#include "endpoint.hpp"
#include "private_network.hpp"

namespace traces {

namespace {

std::string failed(const std::string& what) { return what + ": " + std::strerror(errno); }

struct connection_info {
	std::uint32_t rto_us = 0, rcv_wnd = 0;
	bool ecn = false;
};

connection_info info_of(int fd) {
	constexpr std::size_t rcv_wnd_at = 232; // tcpi_rcv_wnd, since 6.2
	unsigned char bytes[512] = {};
	socklen_t size = sizeof(bytes);
	if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, bytes, &size) != 0)
		return {};
	connection_info info;
	tcp_info known{};
	std::memcpy(&known, bytes, std::min(sizeof(known), std::size_t{size}));
	std::memcpy(&info.rcv_wnd, bytes + rcv_wnd_at, sizeof(info.rcv_wnd));
	info.rto_us = known.tcpi_rto;
	info.ecn = (known.tcpi_options & TCPI_OPT_ECN) != 0;
	return info;
}

/// Each kind of program is loaded as often as an array has it: no program is twice in an array.
class program_store {
  public:
	/// An fd, or -1; errno says why.
	int get(reply_op op, const reply_program& like, unsigned copy) {
		auto& stored = programs_[{op, like.writes, like.value, like.returns_1, copy}];
		if (!stored)
			stored = load(op, like);
		return stored ? ::bpf_program__fd(::bpf_object__find_program_by_name(stored.get(), "reply_to_one"))
					  : -1;
	}

  private:
	using object = std::unique_ptr<bpf_object, close_object>;

	struct settings {
		std::uint32_t op, writes;
		std::int32_t value;
		std::uint32_t returns;
	};

	static object load(reply_op op, const reply_program& like) {
		object opened(::bpf_object__open_file(REPLY_BPF_OBJECT, nullptr));
		if (!opened)
			return nullptr;
		const settings to{static_cast<std::uint32_t>(op), like.writes, like.value, like.returns_1};
		bpf_map* const constants = ::bpf_object__find_map_by_name(opened.get(), ".rodata");
		if (!constants || ::bpf_map__set_initial_value(constants, &to, sizeof(to)) != 0)
			return nullptr;
		return ::bpf_object__load(opened.get()) == 0 ? std::move(opened) : nullptr;
	}

	std::map<std::tuple<reply_op, bool, std::int32_t, bool, unsigned>, object> programs_;
};

/// The programs of one row, attached to a cgroup for as long as this lives.
class attached_array {
  public:
	attached_array(int cgroup, program_store& store, const reply_row& row) : cgroup_(cgroup) {
		for (std::size_t at = 0; at != row.programs.size(); ++at) {
			const int prog = store.get(row.op, row.programs[at], static_cast<unsigned>(at));
			complete_ = complete_ && prog >= 0 &&
						::bpf_prog_attach(prog, cgroup, BPF_CGROUP_SOCK_OPS, BPF_F_ALLOW_MULTI) == 0;
			if (complete_)
				programs_.push_back(prog);
		}
	}
	~attached_array() {
		for (const int prog : programs_)
			::bpf_prog_detach2(prog, cgroup_, BPF_CGROUP_SOCK_OPS);
	}
	attached_array(const attached_array&) = delete;
	attached_array& operator=(const attached_array&) = delete;
	[[nodiscard]] bool complete() const noexcept { return complete_; }

  private:
	int cgroup_;
	bool complete_ = true;
	std::vector<int> programs_;
};

/// A connection of one row: its sockets are gone with it.
class reply_connection {
  public:
	explicit reply_connection(int cgroup)
		: client_(side::client, timeline{}.addresses(), cgroup, {}),
		  server_(side::server, timeline{}.addresses(), cgroup, {}) {}

	/// To nobody.
	std::string attempt() { return perform(client_, timeline_action::connect); }
	std::string establish() {
		for (const auto& [end, what] :
			 {std::pair{&server_, timeline_action::listen}, std::pair{&client_, timeline_action::connect},
			  std::pair{&server_, timeline_action::accept}})
			if (std::string error = perform(*end, what); !error.empty())
				return error;
		return "";
	}
	[[nodiscard]] connection_info client() const { return info_of(client_.connection()); }
	[[nodiscard]] connection_info server() const { return info_of(server_.connection()); }

  private:
	static std::string perform(endpoint& end, timeline_action what) {
		timeline_event event{};
		event.what = what;
		return end.perform(event);
	}

	endpoint client_, server_;
};

std::string play_attempt(reply_op op, int cgroup, dropper& link, reply_effect& effect) {
	link.rules().of[0][drop_any] = {.pass = 0, .drop = timeline_event::all};
	reply_connection one(cgroup);
	std::string error = one.attempt();
	(op == reply_op::timeout_init ? effect.client_rto_us : effect.client_rcv_wnd) =
		op == reply_op::timeout_init ? one.client().rto_us : one.client().rcv_wnd;
	return error;
}

std::string play_connection(reply_op op, int cgroup, dropper& link, reply_effect& effect) {
	link.rules().of[0][drop_any] = {};
	reply_connection one(cgroup);
	std::string error = one.establish();
	if (op == reply_op::rwnd_init)
		effect.server_rcv_wnd = one.server().rcv_wnd;
	if (op == reply_op::needs_ecn) {
		effect.client_ecn = one.client().ecn;
		effect.server_ecn = one.server().ecn;
	}
	return error;
}

std::string play_row(const reply_row& row, int cgroup, program_store& store, dropper& link,
					 reply_effect& effect) {
	const attached_array array(cgroup, store, row);
	if (!array.complete())
		return failed("the programs of " + text_of(row));
	link.rules().server_port = server_port;
	std::string error;
	if (row.op != reply_op::needs_ecn)
		error = play_attempt(row.op, cgroup, link, effect);
	if (error.empty() && row.op != reply_op::timeout_init)
		error = play_connection(row.op, cgroup, link, effect);
	return error.empty() ? "" : text_of(row) + ": " + error;
}

} // namespace

replies_seen play_replies(const std::vector<reply_row>& rows) {
	replies_seen seen;
	const kernel_diff::cgroup_folder folder;
	dropper link;
	program_store store;
	seen.error = folder.error().empty() ? link.error() : folder.error();
	if (!seen.error.empty())
		return seen;
	std::thread([&] {
		seen.error = enter_private_network(replies_mtu);
		if (seen.error.empty())
			seen.error = link.attach();
		for (std::size_t at = 0; at != rows.size() && seen.error.empty(); ++at)
			seen.error = play_row(rows[at], folder.fd(), store, link, seen.effects.emplace_back());
	}).join();
	return seen;
}

} // namespace traces
