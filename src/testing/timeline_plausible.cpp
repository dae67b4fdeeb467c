// SPDX-License-Identifier: MIT
// What cannot happen: a send before a connect, an accept without a listener, …

#include "timeline_parser.hpp"

namespace sockops::testing::parser {

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
