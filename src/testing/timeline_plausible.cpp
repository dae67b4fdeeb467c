// SPDX-License-Identifier: MIT
// What cannot happen: a send before a connect, an accept without a listener, …

#include "fire_rules.hpp"
#include "timeline_parser.hpp"

namespace sockops::testing::parser {

namespace {
std::string all_of(const std::map<std::string, timeline_fire::target>& made) {
	std::string all;
	for (const auto& [name, what] : made)
		all.append(all.empty() ? "" : ", ").append(name);
	return all.empty() ? "none yet" : all;
}
} // namespace

namespace {
/// Of an op on a socket in a state in which it is not fired.
std::string remedy(u32 op, bool is_request) {
	const op_info* const row = find_op(op);
	std::string all;
	for (u8 each = TCP_ESTABLISHED; row && each != TCP_MAX_STATES && all.empty(); ++each)
		if ((row->states >> each & 1) && each != TCP_NEW_SYN_RECV && each != TCP_TIME_WAIT)
			all.append(is_request ? "; fire it on a socket {state = " : "; write its state, as in {state = ")
				.append(tcp_state_name(each))
				.append("}");
	if (row && row->states != 0 && is_of_requests(op) && !is_request)
		all.append(all.empty() ? "; fire it 'on a request'" : ", fire it 'on a request'");
	return all.append(all.empty() ? "; say 'anyway'" : ", or say 'anyway'");
}

/// What no kernel fires is fired only if the line says so; and what needs a full socket has one.
void check_state(const words& line, const timeline_fire& fire, bool is_request) {
	const u8 state = is_request ? u8{TCP_NEW_SYN_RECV} : fire.fields.state;
	if (!is_request && (state == TCP_NEW_SYN_RECV || state == TCP_TIME_WAIT))
		line.refuse(std::string(tcp_state_name(state)) +
					" is no full socket's state: 'on a request' is one in "
					"NEW_SYN_RECV, and no op is fired in TIME_WAIT");
	if (is_request && !is_of_requests(fire.op))
		line.refuse(std::string(op_name(fire.op)) + " on a request: it is of full sockets only");
	const std::string why = fire.anyway ? "" : never_fired(fire.op, state);
	if (!why.empty())
		line.refuse(why + remedy(fire.op, is_request));
}
} // namespace

/// The sockets that ops are fired on have names, and each is made once.
void plausibility::check_fire(const words& line, const timeline_fire& fire) {
	using target = timeline_fire::target;
	const auto there = fired_on_.find(fire.name);
	if (fire.on == target::known && there == fired_on_.end())
		line.refuse("no socket " + quoted(fire.name) + ": one is made by 'on socket " + fire.name +
					" {…}'; there are: " + all_of(fired_on_));
	if (fire.on == target::known && there->second == target::request && fire.given != 0)
		line.refuse("a request is what its SYN has made it: nothing of it can be changed");
	if (fire.on != target::known && !fire.name.empty() && !fired_on_.emplace(fire.name, fire.on).second)
		line.refuse("there is a socket " + quoted(fire.name) + " already: 'on " + fire.name +
					"' is that one");
	const target is = fire.on == target::known ? there->second : fire.on;
	check_state(line, fire, is == target::request);
	if (fire.on != target::child)
		return;
	const auto of = fired_on_.find(fire.of);
	if (of == fired_on_.end() || of->second != target::request)
		line.refuse("no request " + quoted(fire.of) + ": one is made by 'on request " + fire.of + " {…}'");
}

void plausibility::check(const words& line, const timeline_event& event, const timeline& all) {
	of_side& who = sides_[static_cast<int>(event.who)];
	const std::string name = side_name(event.who);
	switch (event.what) {
	case timeline_action::listen:
		if (who.connects)
			line.refuse("the " + name +
						" has a connection: a socket that listens is another; close it first");
		who.listens = true;
		break;
	case timeline_action::connect:
		if (who.connects && !who.disconnected)
			line.refuse("the " + name + " has connected already: close or disconnect it first");
		if (who.listens)
			line.refuse("the " + name + " listens: a side that connects has no listener");
		who = {.connects = true};
		break;
	case timeline_action::accept:
		if (!who.listens)
			line.refuse("the " + name + " does not listen: write '" + name + " listen' before");
		if (who.connects)
			line.refuse("the " + name + " has accepted its one connection already: close it first");
		who = {.listens = true, .connects = true};
		break;
	case timeline_action::send:
	case timeline_action::read:
	case timeline_action::shutdown:
	case timeline_action::disconnect:
		if (!who.connects)
			line.refuse("the " + name + " has no connection yet, or none any more: " +
						(who.listens ? "accept" : "connect") + " comes before");
		if (who.shut_down && event.what == timeline_action::send)
			line.refuse("the " + name + " has said by shutdown that it sends no more");
		who.shut_down |= event.what == timeline_action::shutdown;
		who.disconnected |= event.what == timeline_action::disconnect;
		break;
	case timeline_action::close:
	case timeline_action::abort:
		if (!who.connects && !who.listens)
			line.refuse("the " + name + " has no socket: nothing is there to be closed");
		who = {.listens = who.connects && who.listens};
		break;
	case timeline_action::peer_sends:
		if (all.settings.delay_ns != 0)
			line.refuse("delay with no link: what a scripted peer sends arrives at the time of its event; "
						"leave out 'delay'");
		peer_ = true;
		break;
	case timeline_action::fire:
		check_fire(line, *event.fire);
		break;
	case timeline_action::drop:
	case timeline_action::wait:
		break;
	}
	if (event.what < timeline_action::drop)
		acts_[static_cast<int>(event.who)] = true;
	if (peer_ && acts_[0] && acts_[1])
		line.refuse("client, server and peer: a scripted peer stands for one of the sides, which then does "
					"nothing by itself");
}

} // namespace sockops::testing::parser
