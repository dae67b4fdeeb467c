// SPDX-License-Identifier: MIT
// Plays the events of a timeline, one after the other.

#include <sockops/testing/play.hpp>

#include <optional>
#include <stdexcept>

#include <sockops/bpf/release.hpp>
#include <sockops/cgroup/link.hpp>

#include "../kern/release_words.hpp"
#include "fire_sockets.hpp"
#include "model/peer.hpp"
#include "net_sysctls.hpp"
#include "play_recorder.hpp"
#include "timeline_parser.hpp"
#include "timeline_program.hpp"

namespace sockops::testing {

namespace {

/// The built-in program of one side, as long as the timeline is played.
bpf_link attach(const timeline_program& what, cgroup& to) {
	if (what.empty())
		return {};
	attach_error why;
	bpf_link attached(to, model::make_timeline_program("timeline", what), {}, &why);
	if (!attached)
		throw std::runtime_error("the program of the timeline cannot be attached: " + why.message());
	return attached;
}

/// The profile of both sides' nets; one that cannot be is told, and 6.18's is taken.
net_profile profile_of_play(const play_options& options) {
	if (!is_release(options.kernel))
		throw std::runtime_error("play_options::kernel is " + detail::release_in_words(options.kernel) +
								 ": " + detail::release_remedy());
	net_profile profile = profile_of(options.kernel);
	profile.hz = options.hz;
	return net(profile).profile; // which tells a wrong hz
}

/// As a fresh namespace of that release has it: SYN timeouts that do not double at first came with 6.5.
void set_release(net& of, const net_profile& profile) {
	const bool clamps = of.profile.clamp_timeout_init;
	of.profile = profile;
	of.profile.clamp_timeout_init &= clamps;
	if (profile.kernel < release(6, 5))
		of.ipv4.sysctl_tcp_syn_linear_timeouts = 0;
}

/// A timeline that no parser has seen may name what there is not.
const parser::net_sysctl& known_sysctl(const std::string& name) {
	const parser::net_sysctl* const found = parser::find_sysctl(name);
	if (!found)
		throw std::runtime_error("no sysctl '" + name + "': known are " + parser::all_sysctl_names());
	return *found;
}

class player {
  public:
	player(const timeline& what, const cgroup_root& world, const play_options& options)
		: player(what, parser::checked_addresses(what), world, options) {}

	player(const timeline& what, const std::array<timeline_address, 2>& addresses, const cgroup_root& world,
		   const play_options& options)
		: what_(what), listener_(options.listener),
		  listener_judges_(options.listener && options.listener_judges),
		  client_cgroup_(world.make(options.client_cgroup)),
		  server_cgroup_(world.make(options.server_cgroup)),
		  client_program_(attach(what.settings.programs[0], client_cgroup_)),
		  server_program_(attach(what.settings.programs[1], server_cgroup_)),
		  link_(clock_, what.settings.delay_ns),
		  client_calls_(side::client, clock_, result_.intervals, listener_),
		  server_calls_(side::server, clock_, result_.intervals, listener_),
		  client_(side::client, clock_, link_, client_cgroup_, client_calls_, what.settings, addresses,
				  options.seed),
		  server_(side::server, clock_, link_, server_cgroup_, server_calls_, what.settings, addresses,
				  ~options.seed),
		  fired_on_(world, clock_, client_.in()) {
		const net_profile profile = profile_of_play(options);
		for (net* one : {&client_.in(), &server_.in(), &fired_on_.in()})
			set_release(*one, profile);
		server_.in().share_sock_cookies(client_.in());
		client_calls_.count_from(client_.first_seq());
		server_calls_.count_from(server_.first_seq());
		for (const timeline_sysctl& each : what.settings.sysctls)
			for (model::stack* one : {&client_, &server_})
				known_sysctl(each.name).set(one->in().ipv4, each.value);
		if (what.scripted)
			peer_.emplace(*what.scripted, link_, of(other(*what.scripted)),
						  of(*what.scripted).in().get_random_u32());
	}

	played play() {
		for (const timeline_event& event : what_.events) {
			const u64 at_ns = event.at_ns + waited_ns_;
			clock_.run_until(model::virtual_clock::start + at_ns);
			reap(at_ns);
			result_.intervals.emplace_back();
			if (listener_)
				listener_->event(at_ns, event);
			if (event.blocking)
				wait_for_connection(of(event.who), at_ns);
			perform(event);
		}
		if (listener_)
			listener_->ended(clock_.now() - model::virtual_clock::start);
		for (std::size_t at = 0; at != what_.events.size(); ++at)
			compare_interval(what_.events[at], result_.intervals[at]);
		return std::move(result_);
	}

  private:
	model::stack& of(side which) noexcept { return which == side::client ? client_ : server_; }

	void reap(u64 time_ns) {
		for (const side who : {side::client, side::server})
			of(who).reap([&](const sock_common& sk) {
				if (listener_)
					listener_->freed(who, time_ns, sk);
			});
	}

	/// As long as something may still come of what has happened.
	void wait_for_connection(const model::stack& who, u64 at_ns) {
		constexpr u64 patience_ns = 1'000'000'000'000;
		const u64 until = model::virtual_clock::start + at_ns;
		while (!who.can_accept() && clock_.run_next(until + patience_ns)) {
		}
		waited_ns_ += clock_.now() > until ? clock_.now() - until : 0;
	}

	void perform(const timeline_event& event) {
		if (event.what == timeline_action::drop)
			link_.drop(event.who, event.kind, event.pass, event.count);
		else if (event.what == timeline_action::peer_sends)
			scripted_peer().send(event.peer);
		else if (event.what == timeline_action::fire)
			fire(event);
		else
			of(event.who).perform(event);
	}

	void fire(const timeline_event& event) {
		if (!event.fire)
			throw std::runtime_error("an op is fired, and timeline_event::fire does not say which");
		if (const op_info* const op = find_op(event.fire->op);
			op && op->since > fired_on_.in().profile.kernel)
			throw std::runtime_error(event.text + ": " + op->name + " is there since Linux " +
									 detail::release_in_words(op->since) + "; --kernel asks for " +
									 detail::release_in_words(fired_on_.in().profile.kernel));
		sock_common& on = fired_on_.socket_of(*event.fire);
		const fired answer = fired_on_.fire(*event.fire, on);
		if (listener_)
			listener_->fired(clock_.now() - model::virtual_clock::start,
							 {event, on, answer, fired_on_.take_faults(), fired_on_.take_findings()});
	}

	model::scripted_peer& scripted_peer() {
		if (!peer_)
			throw std::runtime_error("the peer sends, and timeline::scripted does not say for which side");
		return *peer_;
	}

	void compare_interval(const timeline_event& event, const played_interval& seen) {
		for (const side who : {side::client, side::server}) {
			const auto& expected = event.expect[static_cast<std::size_t>(who)];
			if (!expected)
				continue;
			std::string what = model::compare(*expected, seen.calls[static_cast<std::size_t>(who)]);
			if (!what.empty())
				result_.differences.push_back({expected->line, who, event.text, std::move(what)});
		}
		if (listener_judges_)
			return;
		for (const timeline_statement& each : event.statements)
			result_.differences.push_back({each.line, side::client, event.text,
										   "nobody looks whether it is so: " + each.text +
											   "; what programs did is judged by run_text_test()"});
	}

	const timeline& what_;
	play_listener* const listener_;
	const bool listener_judges_;
	played result_;
	cgroup &client_cgroup_, &server_cgroup_;
	bpf_link client_program_, server_program_;
	model::virtual_clock clock_;
	model::link link_;
	model::play_recorder client_calls_, server_calls_;
	model::stack client_, server_;
	model::fire_sockets fired_on_;
	std::optional<model::scripted_peer> peer_;
	u64 waited_ns_ = 0; ///< by blocking calls: so much later is all that follows
};

} // namespace

played play(const timeline& what, const cgroup_root& world, const play_options& options) {
	return player(what, world, options).play();
}

} // namespace sockops::testing
