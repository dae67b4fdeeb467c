// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <stdexcept>

#include <jansson.h>

#include "traces_recording.hpp"

namespace traces {

namespace {

/// What is wrong with a file.
struct bad_file : std::runtime_error {
	using std::runtime_error::runtime_error;
};

/// json_unpack_ex(), with an exception for what does not fit. All keys must be known.
template <class... Into>
void unpack(json_t* json, const char* format, Into... into) {
	json_error_t error;
	if (json_unpack_ex(json, &error, JSON_STRICT, format, into...) != 0) {
		char* const text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
		std::string words = error.text;
		words += ": ";
		words += text;
		std::free(text);
		throw bad_file(words);
	}
}

constexpr std::uint32_t no_op = 64;

std::uint32_t op_number(const std::string& name) {
	for (std::uint32_t op = 0; op != no_op; ++op)
		if (name == op_name(op))
			return op;
	throw bad_file("not an op: " + name);
}

/// What a call has that does not say another; the addresses are those of the call before.
struct usual_values {
	std::uint32_t family, local, remote;
	std::string addresses{};
};

call read_call(json_t* json, usual_values& usual) {
	const char *name = "", *addresses = nullptr;
	call one;
	int state = 0, request_sock = 0;
	json_t* args = nullptr;
	json_int_t cb_flags = 0, skb_len = 0, tcp_flags = 0, snd_cwnd = 0, local_port = usual.local,
			   remote_port = usual.remote, family = usual.family;
	unpack(json, "{s:s, s:i, s?b, s?o, s?I, s?I, s?I, s?I, s?I, s?I, s?I, s?s}", "op", &name, "state", &state,
		   "request_sock", &request_sock, "args", &args, "cb_flags", &cb_flags, "skb_len", &skb_len,
		   "skb_tcp_flags", &tcp_flags, "snd_cwnd", &snd_cwnd, "local_port", &local_port, "remote_port",
		   &remote_port, "family", &family, "addresses", &addresses);
	if (addresses)
		usual.addresses = addresses;
	one.op = op_number(name);
	one.is_fullsock = !request_sock;
	one.state = static_cast<std::uint32_t>(state);
	for (std::size_t at = 0; at != one.args.size() && args; ++at)
		one.args[at] = static_cast<std::uint32_t>(json_integer_value(json_array_get(args, at)));
	one.cb_flags = static_cast<std::uint32_t>(cb_flags);
	one.skb_len = static_cast<std::uint32_t>(skb_len);
	one.skb_tcp_flags = static_cast<std::uint32_t>(tcp_flags);
	one.snd_cwnd = static_cast<std::uint32_t>(snd_cwnd);
	one.family = static_cast<std::uint32_t>(family);
	one.addresses = usual.addresses;
	one.local_port = static_cast<std::uint32_t>(local_port);
	one.remote_port = static_cast<std::uint32_t>(remote_port);
	return one;
}

std::vector<call> read_calls(json_t* json, usual_values& usual) {
	std::vector<call> calls;
	for (std::size_t at = 0; at != json_array_size(json); ++at)
		calls.push_back(read_call(json_array_get(json, at), usual));
	return calls;
}

recorded_trace read_trace(json_t* json, std::uint32_t family, int client_port, int server_port) {
	const char* name = "";
	json_t* steps = nullptr;
	unpack(json, "{s:s, s?i, s?i, s:o}", "name", &name, "client_port", &client_port, "server_port",
		   &server_port, "steps", &steps);
	recorded_trace one;
	one.name = name;
	one.client_port = static_cast<std::uint16_t>(client_port);
	one.server_port = static_cast<std::uint16_t>(server_port);
	usual_values client{family, one.client_port, one.server_port},
		server{family, one.server_port, one.client_port};
	for (std::size_t at = 0; at != json_array_size(steps); ++at) {
		const char* step = "";
		json_t *of_client = nullptr, *of_server = nullptr;
		unpack(json_array_get(steps, at), "{s:s, s:o, s:o}", "step", &step, "client", &of_client, "server",
			   &of_server);
		one.steps.emplace_back(step);
		one.seen.push_back({read_calls(of_client, client), read_calls(of_server, server)});
	}
	return one;
}

traces_recording read_all(json_t* json) {
	const char *format = "", *recorded_on = "";
	int family = 0, client_port = 0, server_port = 0;
	json_t* all = nullptr;
	unpack(json, "{s:s, s:s, s:i, s:i, s:i, s:o}", "format", &format, "recorded_on", &recorded_on, "family",
		   &family, "client_port", &client_port, "server_port", &server_port, "traces", &all);
	if (std::string(format) != "sock_ops traces 1")
		throw bad_file(std::string("not a format that is known: ") + format);
	traces_recording what;
	what.recorded_on = recorded_on;
	what.family = static_cast<std::uint32_t>(family);
	for (std::size_t at = 0; at != json_array_size(all); ++at)
		what.traces.push_back(read_trace(json_array_get(all, at), what.family, client_port, server_port));
	return what;
}

} // namespace

traces_recording read_traces(const std::string& path, std::string& error) {
	json_error_t wrong;
	json_t* const json = json_load_file(path.c_str(), 0, &wrong);
	traces_recording what;
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
