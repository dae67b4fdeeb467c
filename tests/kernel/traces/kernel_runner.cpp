// SPDX-License-Identifier: MIT
#include "kernel_runner.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bpf_programs.hpp"
#include "calls_from_records.hpp"
#include "endpoint.hpp"
#include "private_network.hpp"
#include "scripted_peer.hpp"

namespace traces {

namespace {

using sockops::testing::timeline_program;

std::string failed(const std::string& what) { return what + ": " + std::strerror(errno); }

/// One CPU: whoever sends a packet also receives it, before its own call returns.
void stay_on_this_cpu() {
	cpu_set_t one;
	CPU_ZERO(&one);
	CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &one);
	::sched_setaffinity(0, sizeof(one), &one);
}

// drop_rules and trace_settings are indexed by these.
static_assert(static_cast<int>(side::client) == trace_client &&
			  static_cast<int>(side::server) == trace_server);
static_assert(static_cast<int>(sockops::testing::packet_kind::any) == drop_any);
static_assert(timeline_event::all == ~0u); // drop_rule: without end

/// " reno cubic ", of the thread's network namespace.
std::string congestion_controls() {
	char names[4096] = " ";
	const kernel_diff::owned_fd fd(
		::open("/proc/sys/net/ipv4/tcp_available_congestion_control", O_RDONLY | O_CLOEXEC));
	const ssize_t size = ::read(fd.get(), names + 1, sizeof(names) - 2);
	std::string all(names, static_cast<std::size_t>(std::max<ssize_t>(size, 0)) + 1);
	std::replace(all.begin(), all.end(), '\n', ' ');
	return all;
}

/// What of it cannot be played on one machine, in words; "" if all can.
std::string why_not(const timeline& what) {
	if (what.settings.delay_ns != 0)
		return "a delay: lo has none";
	for (const std::string& name : what.settings.congestion_controls)
		if (congestion_controls().find(" " + name + " ") == std::string::npos)
			return "congestion control " + name + ": this kernel has only" + congestion_controls();
	for (const timeline_event& event : what.events)
		if (event.fire || !event.statements.empty())
			return "ops on demand, and what programs do in them: '" + event.text + "'";
	for (const timeline_program& each : what.settings.programs) {
		if (each.options.size() > trace_options)
			return "a program sets more than " + std::to_string(trace_options) + " options";
		for (const timeline_program::option& one : each.options)
			if (!one.what.text.empty())
				return "a program sets an option that is a text: " + one.what.text;
	}
	return "";
}

void apply(const timeline_program& from, trace_settings& to) {
	to = {};
	to.flags = from.flags;
	to.reserve = from.reserve;
	for (const timeline_program::reply& each : from.replies) {
		to.replies |= 1u << each.op;
		to.reply[each.op] = static_cast<std::int32_t>(each.value);
	}
	for (const timeline_program::option& each : from.options)
		to.option[to.options++] = {
			.op = each.op, .level = each.what.level, .name = each.what.name, .value = each.what.value};
}

void apply(const timeline_event& drop, drop_rules& to) {
	drop_rule& rule = to.of[static_cast<int>(drop.who)][static_cast<int>(drop.kind)];
	rule = {.pass = drop.pass, .drop = drop.count};
}

/// The cookie of the thread's network namespace; 0 if the kernel has none.
std::uint64_t netns_cookie() {
	constexpr int so_netns_cookie = 71;
	const kernel_diff::owned_fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	std::uint64_t cookie = 0;
	socklen_t size = sizeof(cookie);
	::getsockopt(fd.get(), SOL_SOCKET, so_netns_cookie, &cookie, &size);
	return cookie;
}

/// Waits from the beginning of one event to the next.
class clock_of_events {
  public:
	void wait(std::uint64_t after_ns) {
		if (after_ns != 0) {
			const std::int64_t until =
				last_.tv_sec * 1'000'000'000LL + last_.tv_nsec + static_cast<std::int64_t>(after_ns);
			const timespec then{until / 1'000'000'000, until % 1'000'000'000};
			while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &then, nullptr) == EINTR)
				;
		}
		::clock_gettime(CLOCK_MONOTONIC, &last_);
	}

  private:
	timespec last_{};
};

/// A run, in a thread that is in a network namespace of its own.
class run {
  public:
	run(const timeline& what, tracer& calls, dropper& link, const int (&cgroups)[2])
		: what_(what), calls_(calls), link_(link), where_(what.addresses()),
		  client_(side::client, where_, cgroups[0], what.settings.sockopts[0]),
		  server_(side::server, where_, cgroups[1], what.settings.sockopts[1]),
		  peer_(what.scripted.value_or(side::server), where_) {}

	std::string set_up() {
		if (std::string error = link_.attach(); !error.empty())
			return error;
		if (std::string error = what_.scripted ? peer_.set_up(what_.settings.mtu) : set_addresses();
			!error.empty())
			return error;
		for (const auto& each : what_.settings.sysctls)
			if (std::string error = set_sysctl(each.name, std::to_string(each.value)); !error.empty())
				return error;
		link_.rules() = {};
		link_.rules().server_port = where_[1].port;
		apply(what_.settings.programs[0], calls_.control().side[trace_client]);
		apply(what_.settings.programs[1], calls_.control().side[trace_server]);
		calls_.control().netns_cookie = netns_cookie();
		return calls_.control().netns_cookie ? ""
											 : "a network namespace has no cookie: Linux 5.14 or newer has";
	}

	std::string play(const companion& with) {
		clock_of_events clock;
		clock.wait(0);
		std::uint64_t last_ns = 0;
		for (std::size_t at = 0; at != what_.events.size(); ++at) {
			const timeline_event& event = what_.events[at];
			clock.wait(event.at_ns - std::exchange(last_ns, event.at_ns));
			if (with.before)
				with.before(at);
			calls_.control().interval = static_cast<std::uint32_t>(at);
			std::string error = perform(event);
			if (event.blocking)
				clock.wait(0); // what follows counts from now
			if (!error.empty())
				return "line " + std::to_string(event.line) + ", '" + event.text + "': " + error;
		}
		return "";
	}

	/// Whatever happens from now on is no more of the run.
	void end() { calls_.control().netns_cookie = 0; }

  private:
	/// Those that are not loopback's own.
	std::string set_addresses() {
		for (const auto& each : what_.settings.addresses)
			if (each)
				if (std::string error = add_address("lo", each->ip, each->ip); !error.empty())
					return error;
		return "";
	}

	std::string perform(const timeline_event& one) {
		if (one.what == timeline_action::wait)
			return "";
		if (one.what == timeline_action::drop) {
			apply(one, link_.rules());
			return "";
		}
		if (one.what == timeline_action::peer_sends)
			return what_.scripted ? peer_.send(one.peer) : "no side is scripted";
		if (one.who == what_.scripted)
			return "a socket of the side that is scripted";
		return (one.who == side::client ? client_ : server_).perform(one);
	}

	const timeline& what_;
	tracer& calls_;
	dropper& link_;
	const both_addresses where_;
	endpoint client_, server_;
	scripted_peer peer_;
};

} // namespace

kernel_runner::kernel_runner() { unusable_ = prepare(); }

std::string kernel_runner::prepare() {
	if (!folder_.error().empty())
		return folder_.error();
	const char* const names[] = {"client", "server"};
	for (int each = 0; each != 2; ++each) {
		const std::string path = folder_.path() + "/" + names[each];
		if (::mkdir(path.c_str(), 0755) != 0)
			return failed(path);
		cgroups_[each] = kernel_diff::owned_fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
		if (!cgroups_[each])
			return failed(path);
	}
	return play(timeline{}).error; // a network namespace, the programs, and where they are attached
}

played kernel_runner::play(const timeline& what, const companion& with) {
	played result;
	if (result.error = why_not(what); !result.error.empty())
		return result;
	if (with.begin)
		if (result.error = with.begin(folder_.fd()); !result.error.empty())
			return result;
	tracer calls(what.settings.programs[0].stamp_sends || what.settings.programs[1].stamp_sends);
	dropper link;
	const int cgroups[2] = {cgroups_[0].get(), cgroups_[1].get()};
	if (!calls.error().empty() || !link.error().empty())
		result.error = calls.error().empty() ? link.error() : calls.error();
	else if (!calls.attach(cgroups[0], cgroups[1]))
		result.error = failed("a program cannot be attached");
	if (!result.error.empty())
		return result;
	std::thread([&] {
		stay_on_this_cpu();
		result.error = enter_private_network(what.settings.mtu);
		if (!result.error.empty())
			return;
		run now(what, calls, link, cgroups);
		result.error = now.set_up();
		if (result.error.empty())
			result.error = now.play(with);
		now.end();
		if (with.end && result.error.empty())
			result.error = with.end();
	}).join();
	if (calls.control().lost != 0)
		result.error = "the ring of calls was too small";
	result.seen = calls_from(calls.take(), what.events.size());
	return result;
}

std::vector<played> play_all(const std::vector<named_timeline>& all) {
	// They wait most of the time.
	constexpr std::size_t at_once = 12;
	std::vector<played> results(all.size());
	std::atomic<std::size_t> next = 0;
	std::vector<kernel_runner> runners(std::min(at_once, all.size()));
	std::vector<std::thread> players;
	for (kernel_runner& kernel : runners)
		players.emplace_back([&] {
			for (std::size_t at = next++; at < all.size(); at = next++)
				if (results[at].error = kernel.unusable(); results[at].error.empty())
					results[at] = kernel.play(all[at].what);
		});
	for (std::thread& player : players)
		player.join();
	return results;
}

} // namespace traces
