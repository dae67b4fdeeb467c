// SPDX-License-Identifier: MIT
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <jansson.h>

#include "call.hpp"
#include "replies.hpp"

namespace traces {

namespace {

/// [25, 1]: reply and return. [null, 1] leaves the reply as it is.
json_t* program_json(const reply_program& one) {
	return json_pack("[o, i]", one.writes ? json_integer(one.value) : json_null(), one.returns_1 ? 1 : 0);
}

json_t* number_if_any(std::uint32_t number) { return number ? json_integer(number) : nullptr; }

json_t* row_json(const reply_row& row, const reply_effect& effect) {
	json_t* const programs = json_array();
	for (const reply_program& each : row.programs)
		json_array_append_new(programs, program_json(each));
	return json_pack(
		"{s:s, s:o, s:o*, s:o*, s:o*, s:o*, s:o*}", "op", op_name(static_cast<std::uint32_t>(row.op)).c_str(),
		"programs", programs, "client_rto_us", number_if_any(effect.client_rto_us), "client_rcv_wnd",
		number_if_any(effect.client_rcv_wnd), "server_rcv_wnd", number_if_any(effect.server_rcv_wnd),
		"client_ecn", effect.client_ecn ? json_true() : nullptr, "server_ecn",
		effect.server_ecn ? json_true() : nullptr);
}

struct bad_file : std::runtime_error {
	using std::runtime_error::runtime_error;
};

template <class... Into>
void unpack(json_t* json, const char* format, Into... into) {
	json_error_t error;
	if (json_unpack_ex(json, &error, JSON_STRICT, format, into...) != 0)
		throw bad_file(error.text);
}

reply_op read_op(const std::string& name) {
	for (const reply_op op : {reply_op::timeout_init, reply_op::rwnd_init, reply_op::needs_ecn})
		if (name == op_name(static_cast<std::uint32_t>(op)))
			return op;
	throw bad_file("not an op with a reply: " + name);
}

void read_row(json_t* json, recorded_replies& to) {
	const char* op = "";
	json_t* programs = nullptr;
	json_int_t rto = 0, client_wnd = 0, server_wnd = 0;
	int client_ecn = 0, server_ecn = 0;
	unpack(json, "{s:s, s:o, s?I, s?I, s?I, s?b, s?b}", "op", &op, "programs", &programs, "client_rto_us",
		   &rto, "client_rcv_wnd", &client_wnd, "server_rcv_wnd", &server_wnd, "client_ecn", &client_ecn,
		   "server_ecn", &server_ecn);
	reply_row row{read_op(op), {}};
	for (std::size_t at = 0; at != json_array_size(programs); ++at) {
		json_t* reply = nullptr;
		int returns = 0;
		unpack(json_array_get(programs, at), "[o, i]", &reply, &returns);
		row.programs.push_back(
			{!json_is_null(reply), static_cast<std::int32_t>(json_integer_value(reply)), returns == 1});
	}
	to.rows.push_back(std::move(row));
	to.effects.push_back({static_cast<std::uint32_t>(rto), static_cast<std::uint32_t>(client_wnd),
						  static_cast<std::uint32_t>(server_wnd), client_ecn != 0, server_ecn != 0});
}

recorded_replies read_all(json_t* json) {
	const char *format = "", *recorded_on = "";
	int mtu = 0;
	json_t* rows = nullptr;
	unpack(json, "{s:s, s:s, s:i, s:o}", "format", &format, "recorded_on", &recorded_on, "mtu", &mtu, "rows",
		   &rows);
	if (std::string(format) != "sock_ops replies 1")
		throw bad_file(std::string("not a format that is known: ") + format);
	recorded_replies what;
	what.recorded_on = recorded_on;
	what.mtu = static_cast<std::uint32_t>(mtu);
	for (std::size_t at = 0; at != json_array_size(rows); ++at)
		read_row(json_array_get(rows, at), what);
	return what;
}

} // namespace

bool write_replies(const std::string& path, const recorded_replies& what) {
	std::FILE* const file = std::fopen(path.c_str(), "w");
	if (!file)
		return false;
	std::fprintf(file,
				 "{\"format\":\"sock_ops replies 1\",\n\"recorded_on\":\"%s\",\n\"mtu\":%u,\n\"rows\":[",
				 what.recorded_on.c_str(), what.mtu);
	for (std::size_t at = 0; at != what.rows.size(); ++at) {
		json_t* const json = row_json(what.rows[at], what.effects[at]);
		char* const text = json_dumps(json, JSON_PRESERVE_ORDER | JSON_COMPACT);
		std::fprintf(file, "%s\n%s", at ? "," : "", text);
		std::free(text);
		json_decref(json);
	}
	std::fprintf(file, "]}\n");
	return std::fclose(file) == 0;
}

recorded_replies read_replies(const std::string& path, std::string& error) {
	json_error_t wrong;
	json_t* const json = json_load_file(path.c_str(), 0, &wrong);
	recorded_replies what;
	if (!json) {
		error = path + ":" + std::to_string(wrong.line) + ": " + wrong.text;
		return what;
	}
	try {
		what = read_all(json);
		error.clear();
	} catch (const bad_file& reason) {
		error = path + ": " + reason.what();
	}
	json_decref(json);
	return what;
}

} // namespace traces
