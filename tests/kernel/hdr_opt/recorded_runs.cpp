// SPDX-License-Identifier: MIT
#include "recorded_runs.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include <jansson.h>

namespace hdr_opt {

namespace {

constexpr const char* format_name = "header option answers 1";
constexpr const char* what_names[] = {"", "reserve", "store", "load"};
constexpr std::uint8_t filler = 0xab; ///< what a buffer's end is full of

struct bad_file : std::runtime_error {
	using std::runtime_error::runtime_error;
};

// Each of these returns a new reference, or NULL for what the file leaves out.

json_t* hex_json(const byte_list& bytes) { return json_string(hex(bytes).c_str()); }

json_t* buffer_json(byte_list bytes) {
	while (!bytes.empty() && bytes.back() == filler)
		bytes.pop_back();
	return bytes.empty() ? nullptr : hex_json(bytes);
}

json_t* result_json(std::int64_t result) {
	return result < 0 ? json_string(::strerrorname_np(static_cast<int>(-result))) : json_integer(result);
}

json_t* call_json(const call& made, const answer& got) {
	return json_pack("{s:s, s:I, s:o*, s:o*, s:o, s:o*}", "do", what_names[static_cast<unsigned>(made.what)],
					 "len", static_cast<json_int_t>(made.len), "flags",
					 made.flags ? json_integer(static_cast<json_int_t>(made.flags)) : nullptr, "bytes",
					 buffer_json(made.bytes), "result", result_json(got.result), "after",
					 got.bytes == made.bytes ? nullptr : buffer_json(got.bytes));
}

json_t* run_json(const run& each) {
	json_t* const calls = json_array();
	for (std::size_t at = 0; at != each.calls.size(); ++at)
		json_array_append_new(calls, call_json(each.calls[at], each.got.answers[at]));
	const situation& in = each.in;
	const outcome& got = each.got;
	return json_pack(
		"{s:i, s:o*, s:o*, s:o*, s:o*, s:o, s:o*, s:o*}", "op", static_cast<int>(in.op), "request",
		in.fullsock ? nullptr : json_true(), "room", in.room ? json_integer(in.room) : nullptr, "header",
		in.has_segment ? hex_json(in.header) : nullptr, "syn", in.syn ? hex_json(*in.syn) : nullptr, "calls",
		calls, "reserved", got.reserved ? json_integer(*got.reserved) : nullptr, "options",
		got.options ? hex_json(*got.options) : nullptr);
}

/// json_unpack_ex(), with an exception for what does not fit. All keys must be known.
template <class... Into>
void unpack(json_t* json, const char* format, Into... into) {
	json_error_t error;
	if (json_unpack_ex(json, &error, JSON_STRICT, format, into...) != 0)
		throw bad_file(error.text);
}

byte_list bytes_of(const char* text) {
	byte_list bytes;
	for (; text && text[0] && text[1]; text += 2) {
		const char digits[] = {text[0], text[1], 0};
		bytes.push_back(static_cast<std::uint8_t>(std::strtoul(digits, nullptr, 16)));
	}
	return bytes;
}

std::int64_t result_of(const json_t* json) {
	if (json_is_integer(json))
		return json_integer_value(json);
	const char* const name = json_string_value(json);
	for (int error = 1; name && error != 134; ++error)
		if (const char* known = ::strerrorname_np(error); known && std::strcmp(name, known) == 0)
			return -error;
	throw bad_file("a result that is neither a number nor an errno");
}

void read_call(json_t* json, run& into) {
	const char *name = "", *bytes = nullptr, *after = nullptr;
	json_int_t len = 0, flags = 0;
	json_t* result = nullptr;
	unpack(json, "{s:s, s:I, s?I, s?s, s:o, s?s}", "do", &name, "len", &len, "flags", &flags, "bytes", &bytes,
		   "result", &result, "after", &after);
	call made{what::reserve, static_cast<std::uint32_t>(len), static_cast<std::uint64_t>(flags), {}};
	while (std::strcmp(name, what_names[static_cast<unsigned>(made.what)]) != 0) {
		if (made.what == what::load)
			throw bad_file(std::string("not a call: ") + name);
		made.what = static_cast<what>(static_cast<unsigned>(made.what) + 1);
	}
	const std::size_t size = made.what == what::reserve ? 0 : made.len;
	made.bytes = bytes_of(bytes);
	made.bytes.resize(size, filler);
	answer got{result_of(result), after ? bytes_of(after) : made.bytes};
	got.bytes.resize(size, filler);
	into.calls.push_back(std::move(made));
	into.got.answers.push_back(std::move(got));
}

run read_run(json_t* json) {
	run each;
	int op = 0, request = 0, room = 0, reserved = -1;
	const char *header = nullptr, *syn = nullptr, *options = nullptr;
	json_t* calls = nullptr;
	unpack(json, "{s:i, s?b, s?i, s?s, s?s, s:o, s?i, s?s}", "op", &op, "request", &request, "room", &room,
		   "header", &header, "syn", &syn, "calls", &calls, "reserved", &reserved, "options", &options);
	each.in.op = static_cast<unsigned>(op);
	each.in.fullsock = !request;
	each.in.room = static_cast<unsigned>(room);
	each.in.has_segment = header != nullptr;
	each.in.header = bytes_of(header);
	if (syn)
		each.in.syn = bytes_of(syn);
	if (reserved >= 0)
		each.got.reserved = static_cast<unsigned>(reserved);
	if (options)
		each.got.options = bytes_of(options);
	for (std::size_t at = 0; at != json_array_size(calls); ++at)
		read_call(json_array_get(calls, at), each);
	return each;
}

} // namespace

bool write_runs(const std::string& path, const std::string& recorded_on, const std::vector<run>& runs) {
	std::FILE* const file = std::fopen(path.c_str(), "w");
	if (!file)
		return false;
	std::fprintf(file, "{\"format\":\"%s\",\n\"recorded_on\":\"%s\",\n\"runs\":[\n", format_name,
				 recorded_on.c_str());
	for (const run& each : runs) {
		json_t* const json = run_json(each);
		char* const text = json_dumps(json, JSON_PRESERVE_ORDER | JSON_COMPACT);
		std::fprintf(file, "%s%s\n", text, &each == &runs.back() ? "" : ",");
		std::free(text);
		json_decref(json);
	}
	std::fprintf(file, "]}\n");
	return std::fclose(file) == 0;
}

std::vector<run> read_runs(const std::string& path, std::string& error) {
	json_error_t wrong;
	json_t* const file = json_load_file(path.c_str(), JSON_REJECT_DUPLICATES, &wrong);
	if (!file) {
		error = path + ": " + wrong.text;
		return {};
	}
	std::vector<run> runs;
	try {
		const char *format = "", *recorded_on = "";
		json_t* list = nullptr;
		unpack(file, "{s:s, s:s, s:o}", "format", &format, "recorded_on", &recorded_on, "runs", &list);
		if (std::strcmp(format, format_name) != 0)
			throw bad_file(std::string("not of the format ") + format_name);
		for (std::size_t at = 0; at != json_array_size(list); ++at)
			runs.push_back(read_run(json_array_get(list, at)));
	} catch (const bad_file& what) {
		error = path + ", after run " + std::to_string(runs.size()) + ": " + what.what();
	}
	json_decref(file);
	return runs;
}

} // namespace hdr_opt
