// SPDX-License-Identifier: MIT
// Events: "+10ms client send 100".

#include "timeline_parser.hpp"

#include <algorithm>
#include <iterator>

namespace sockops::testing::parser {

namespace {

struct named_action {
	std::string_view name;
	timeline_action what;
};
constexpr named_action actions[] = {
	{"listen", timeline_action::listen},
	{"connect", timeline_action::connect},
	{"accept", timeline_action::accept},
	{"send", timeline_action::send},
	{"read", timeline_action::read},
	{"close", timeline_action::close},
	{"shutdown", timeline_action::shutdown},
	{"abort", timeline_action::abort},
	{"disconnect", timeline_action::disconnect},
};

constexpr std::string_view kinds[] = {"syn", "synack", "ack", "data", "fin", "rst", "any"};

template <class Table>
auto* find_named(const Table& table, std::string_view name) {
	const auto* const found =
		std::find_if(std::begin(table), std::end(table), [&](const auto& each) { return each.name == name; });
	return found == std::end(table) ? nullptr : found;
}

void parse_send(words& line, timeline_event& event) {
	event.bytes = line.number("the number of bytes");
	if (event.bytes == 0)
		line.refuse("a send() of 0 bytes sends nothing: write 1 or more");
	if (line.accept("x"))
		event.count = line.number("how often", 100'000);
	if (event.count == 0)
		line.refuse("0 times is never: write 1 or more after x");
}

void parse_link(words& line, timeline_event& event) {
	if (!line.accept("drop"))
		line.refuse("the link knows no '" + std::string(line.peek()) + "': it knows drop");
	event.what = timeline_action::drop;
	if (line.accept("server"))
		event.who = side::server;
	else if (!line.accept("client"))
		line.refuse("whose packets? write client or server after 'link drop'");
	const std::string_view kind = line.peek();
	const auto* const found = std::find(std::begin(kinds), std::end(kinds), kind);
	if (found != std::end(kinds)) {
		event.kind = static_cast<packet_kind>(found - std::begin(kinds));
		line.take("");
	} else if (kind != "none" && kind != "all") {
		line.refuse(quoted(kind) +
					" is no kind of packet: it is syn, synack, ack (without data), data, fin, rst or any");
	}
	if (line.accept("none"))
		event.count = 0;
	else if (line.accept("all"))
		event.count = timeline_event::all;
	else if (!line.empty() && line.peek() != "after")
		event.count = line.number("how many packets");
	if (line.accept("after"))
		event.pass = line.number("how many packets pass");
}

void parse_side_action(words& line, timeline_event& event) {
	const std::string_view name = line.take("what the side does");
	const named_action* const found = find_named(actions, name);
	if (!found)
		line.refuse("a side knows no '" + std::string(name) +
					"': it knows listen, connect, accept, send, read, close, shutdown, abort, disconnect");
	event.what = found->what;
	if (event.what == timeline_action::send)
		parse_send(line, event);
	if (event.what == timeline_action::listen)
		line.accept("again");
	if (event.what == timeline_action::accept)
		event.blocking = line.accept("blocking");
}

} // namespace

void parse_event(words& line, timeline& into) {
	timeline_event event{};
	event.line = line.line();
	event.text = line.text();
	std::string_view time = line.take("the time");
	time.remove_prefix(1); // the +
	event.at_ns = parse_time(line, time) + (into.events.empty() ? 0 : into.events.back().at_ns);
	const std::string_view who = line.take("who does what");
	if (who == "client" || who == "server") {
		event.who = who == "client" ? side::client : side::server;
		parse_side_action(line, event);
	} else if (who == "link") {
		parse_link(line, event);
	} else if (who == "fire") {
		event.what = timeline_action::fire;
		event.fire = parse_fire(line, into);
	} else if (who == "wait") {
		event.what = timeline_action::wait;
	} else if (who == "peer") {
		if (!line.accept("sends"))
			line.refuse("the peer only sends: write 'peer sends' and a segment");
		event.what = timeline_action::peer_sends;
		event.peer = parse_peer(line);
	} else {
		line.refuse("nobody is called '" + std::string(who) +
					"': an event begins with client, server, link, "
					"peer, fire or wait after its time");
	}
	line.end();
	into.events.push_back(std::move(event));
}

} // namespace sockops::testing::parser
