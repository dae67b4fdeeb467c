// SPDX-License-Identifier: MIT
// "fire RETRANS(0,3,0) on socket s {state = ESTABLISHED} with S. <mss 1460>".

#include <algorithm>
#include <stdexcept>

#include <sockops/net/tcp_options.hpp>

#include "../socket_field_table.hpp"
#include "line_reader.hpp"

namespace sockops::testing::parser {

namespace {

using target = timeline_fire::target;

u32 parse_fire_arg(const line_reader& line, u8 op, std::string_view word) {
	if (const std::optional<u32> state = op == BPF_SOCK_OPS_STATE_CB ? find_state(word) : std::nullopt)
		return *state;
	line_reader one(line.line(), word);
	const s64 value = one.number("an argument");
	one.end();
	if (value < -(s64{1} << 31) || value > s64{0xffffffff})
		line.refuse(quoted(word) + " is too large: an argument has 32 bits");
	return static_cast<u32>(value);
}

/// "(0,3,0)", as the stack would pass them.
void parse_fire_args(line_reader& line, timeline_fire& into) {
	if (!line.peek().starts_with('('))
		return;
	std::string_view inside = line.between('(', ')', "the arguments");
	const u32 most = op_nargs(into.op);
	for (u32 at = 0;; ++at) {
		const std::size_t end = inside.find_first_of(",>");
		if (at == most)
			line.refuse(std::string(op_name(into.op)) + " has " + std::to_string(most) +
						" arguments, in the order in which the stack passes them");
		into.args[at] = parse_fire_arg(line, into.op, inside.substr(0, end));
		if (end == inside.npos && at + 1 != most)
			line.refuse(std::string(op_name(into.op)) + " has " + std::to_string(most) +
						" arguments, and there are " + std::to_string(at + 1) +
						": write all of them, or none, with which all are 0");
		if (end == inside.npos)
			return;
		inside.remove_prefix(end + 1);
	}
}

std::string all_field_names() {
	std::string all;
	for (const socket_field& each : socket_field_table())
		all.append(all.empty() ? "" : ", ").append(each.name);
	return all;
}

u64 number_of_field(line_reader& value, const socket_field& field) {
	const std::string_view word = value.peek_word();
	if (field.is == socket_field::form::flags)
		return parse_flags(value);
	if (field.is == socket_field::form::state) {
		value.word("the state");
		if (const std::optional<u32> state = find_state(word))
			return *state;
		value.refuse(quoted(word) + " is no state: ESTABLISHED, SYN_SENT and LISTEN are some");
	}
	const s64 number = value.number(std::string(field.name).c_str());
	if (number < 0 || static_cast<u64>(number) > field.most)
		value.refuse(quoted(word) + " does not fit: " + std::string(field.name) + " is 0 to " +
					 std::to_string(field.most));
	return static_cast<u64>(number);
}

void read_field(line_reader& value, const socket_field& field, socket_fields& into) {
	if (field.is == socket_field::form::cgroup) {
		into.cgroup = parse_cgroup(value, value.rest("the cgroup"));
	} else if (field.is == socket_field::form::address) {
		const bool is_local = field.name == "local";
		parse_place(value, value.rest("the address"), is_local ? into.local_ip : into.remote_ip,
					is_local ? into.local_port : into.remote_port);
	} else {
		field.read(into, number_of_field(value, field));
		value.end();
	}
}

/// "state = SYN_SENT, remote = 10.1.2.3:80"
void parse_fields(line_reader& line, timeline_fire& into) {
	std::string_view inside = line.between('{', '}', "what the socket is");
	while (!inside.empty()) {
		const std::size_t end = std::min(inside.find(','), inside.size());
		line_reader one(line.line(), inside.substr(0, end));
		inside.remove_prefix(std::min(end + 1, inside.size()));
		const std::string_view name = one.word("the field's name");
		const auto table = socket_field_table();
		const auto found = std::ranges::find(table, name, &socket_field::name);
		if (found == table.end())
			line.refuse("a socket has no field " + quoted(name) + " here: it has " + all_field_names());
		const u32 bit = 1u << (found - table.begin());
		if (into.given & bit)
			line.refuse(quoted(name) + " is there twice: once is enough");
		if (!one.accept("="))
			line.refuse("'=' and a value are missing behind " + quoted(name));
		into.given |= bit;
		read_field(one, *found, into.fields);
	}
}

std::string parse_name(line_reader& line, const char* what) {
	const std::string_view name = line.word(what);
	if (!is_variable(name) || name.find('.') != name.npos)
		line.refuse(quoted(name) + " is no name: letters, digits and _ make one");
	if (name == "client" || name == "server" || name == "listener")
		line.refuse(quoted(name) + " is what a side's socket is called: choose another name");
	return std::string(name);
}

void parse_target(line_reader& line, timeline_fire& into) {
	if (!line.accept("on"))
		line.refuse(
			"'on' is missing: on a socket, on a request, on socket NAME, on request NAME, on child NAME of "
			"REQUEST, or on the NAME of one that is there");
	const bool has_no_name = line.accept("a");
	if (line.accept("request"))
		into.on = target::request;
	else if (line.accept("child"))
		into.on = target::child;
	else if (line.accept("socket"))
		into.on = target::socket;
	else if (has_no_name)
		line.refuse("'on a' is followed by socket, request or child");
	else
		into.on = target::known;
	if (!has_no_name)
		into.name = parse_name(line, "the socket's name");
	if (into.on != target::child)
		return;
	if (!line.accept("of"))
		line.refuse("whose child? Write 'of' and the name of a request");
	into.of = parse_name(line, "the request's name");
}

/// What the fields begin with: what was said of the socket, or of the request that it comes from.
socket_fields fields_so_far(const timeline_fire& fire, const timeline& before) {
	const std::string& name = fire.on == target::child ? fire.of : fire.name;
	socket_fields so_far;
	for (const timeline_event& event : before.events)
		if (event.fire && !name.empty() && event.fire->name == name)
			so_far = event.fire->fields;
	if (fire.on == target::child)
		so_far.state = TCP_SYN_RECV;
	return so_far;
}

void check_fields(const line_reader& line, const timeline_fire& fire) {
	for (const socket_field& each : socket_field_table())
		if (const bool is_given = fire.given >> (&each - socket_field_table().data()) & 1;
			is_given && each.is == socket_field::form::cgroup &&
			(fire.on == target::child || fire.on == target::known))
			line.refuse("a socket stays in its cgroup, and a child is in its listener's: leave 'cgroup' out");
	sock_common probe{};
	try {
		set_addresses(probe, fire.fields);
	} catch (const std::invalid_argument& wrong) {
		line.refuse(wrong.what());
	}
}

/// "with S. <mss 1460>", "with <opt 253 eb9f>": the segment that came.
void parse_segment(line_reader& line, timeline_fire& into) {
	into.segment_flags = parse_segment_flags(line.line(), ".");
	if (!line.peek().starts_with('<'))
		into.segment_flags = parse_segment_flags(line.line(), line.word("the segment's flags or <options>"));
	into.options.emplace();
	if (line.peek().starts_with('<'))
		into.options = parse_header_options(line.line(), line.between('<', '>', "its options"));
}

u32 parse_room(line_reader& line) {
	const s64 bytes = line.number("the bytes");
	if (bytes < 1 || bytes > max_tcp_option_space)
		line.refuse("a header has room for 1 to " + std::to_string(max_tcp_option_space) +
					" bytes of options");
	return static_cast<u32>(bytes);
}

/// Header options are written in words of 4 bytes, into what a header has left.
void check_room(const line_reader& line, const timeline_fire& fire) {
	if (fire.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB && fire.room && *fire.room % 4 != 0)
		line.refuse("room " + std::to_string(*fire.room) + ": what a header has left is a multiple of 4");
	if (fire.op != BPF_SOCK_OPS_WRITE_HDR_OPT_CB || !fire.options)
		return;
	const auto taken = static_cast<u32>(fire.options->size());
	if (taken + fire.room.value_or(1) > max_tcp_option_space)
		line.refuse("the options in <> take " + std::to_string(taken) +
					" bytes of 40, and leave no room for " +
					(fire.room ? std::to_string(*fire.room) + " more" : std::string("others")));
}

} // namespace

timeline_fire parse_fire(words& words_of_line, const timeline& before) {
	line_reader line(words_of_line);
	timeline_fire fire{};
	fire.op = parse_op(line.line(), line.word("the op"));
	parse_fire_args(line, fire);
	parse_target(line, fire);
	fire.fields = fields_so_far(fire, before);
	if (line.peek().starts_with('{'))
		parse_fields(line, fire);
	check_fields(line, fire);
	while (!line.at_end()) {
		if (line.accept("with"))
			parse_segment(line, fire);
		else if (line.accept("room"))
			fire.room = parse_room(line);
		else if (line.accept("anyway"))
			fire.anyway = true;
		else
			line.refuse(quoted(line.peek()) +
						" is too much: behind the socket come 'with <options>', 'room BYTES' or "
						"'anyway'");
	}
	check_room(line, fire);
	return fire;
}

} // namespace sockops::testing::parser
