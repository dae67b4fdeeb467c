// SPDX-License-Identifier: MIT
#include <cstdio>
#include <cstdlib>

#include <jansson.h>

#include "traces_recording.hpp"

namespace traces {

namespace {

json_t* number_if(bool wanted, std::uint32_t number) { return wanted ? json_integer(number) : nullptr; }
json_t* number_if_any(std::uint32_t number) { return number_if(number != 0, number); }

json_t* args_json(const call& one) {
	if (one.args == std::array<std::uint32_t, 4>{})
		return nullptr;
	json_t* const list = json_array();
	for (const std::uint32_t arg : one.args)
		json_array_append_new(list, json_integer(arg));
	return list;
}

/// What a call has that does not say another; the addresses are those of the call before.
struct usual_values {
	std::uint32_t family, local, remote;
	std::string addresses{};
};

/// What is left out has its usual value.
json_t* call_json(const call& one, const usual_values& usual) {
	return json_pack("{s:s, s:o*, s:i, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:s*}", "op",
					 op_name(one.op).c_str(), "request_sock", one.is_fullsock ? nullptr : json_true(),
					 "state", static_cast<int>(one.state), "args", args_json(one), "cb_flags",
					 number_if_any(one.cb_flags), "skb_len", number_if_any(one.skb_len), "skb_tcp_flags",
					 number_if_any(one.skb_tcp_flags), "snd_cwnd", number_if_any(one.snd_cwnd), "local_port",
					 number_if(one.local_port != usual.local, one.local_port), "remote_port",
					 number_if(one.remote_port != usual.remote, one.remote_port), "family",
					 number_if(one.family != usual.family, one.family), "addresses",
					 one.addresses != usual.addresses ? one.addresses.c_str() : nullptr);
}

/// One line for each call, so that a person can read it and a comparison of versions shows what changed.
void write_calls(std::FILE* file, const char* side, const std::vector<call>& calls, usual_values& usual) {
	std::fprintf(file, ",\"%s\":[", side);
	for (const call& one : calls) {
		json_t* const json = call_json(one, usual);
		usual.addresses = one.addresses;
		char* const text = json_dumps(json, JSON_PRESERVE_ORDER | JSON_COMPACT);
		std::fprintf(file, "%s\n%s", &one == &calls.front() ? "" : ",", text);
		std::free(text);
		json_decref(json);
	}
	std::fprintf(file, "]");
}

void write_trace(std::FILE* file, const recorded_trace& one, std::uint32_t family) {
	std::fprintf(file, "{\"name\":\"%s\",", one.name.c_str());
	if (one.client_port != client_port || one.server_port != server_port)
		std::fprintf(file, "\"client_port\":%u,\"server_port\":%u,", unsigned{one.client_port},
					 unsigned{one.server_port});
	std::fprintf(file, "\"steps\":[");
	usual_values client{family, one.client_port, one.server_port},
		server{family, one.server_port, one.client_port};
	for (std::size_t at = 0; at != one.steps.size(); ++at) {
		std::fprintf(file, "%s\n{\"step\":\"%s\"", at ? "," : "", one.steps[at].c_str());
		write_calls(file, "client", one.seen[at].client, client);
		write_calls(file, "server", one.seen[at].server, server);
		std::fprintf(file, "}");
	}
	std::fprintf(file, "]}");
}

} // namespace

bool write_traces(const std::string& path, const traces_recording& what) {
	std::FILE* const file = std::fopen(path.c_str(), "w");
	if (!file)
		return false;
	std::fprintf(file, "{\"format\":\"sock_ops traces 1\",\n\"recorded_on\":\"%s\",\n",
				 what.recorded_on.c_str());
	std::fprintf(file, "\"family\":%u,\n\"client_port\":%u,\n\"server_port\":%u,\n\"traces\":[", what.family,
				 unsigned{client_port}, unsigned{server_port});
	for (const recorded_trace& one : what.traces) {
		std::fprintf(file, "%s\n", &one == &what.traces.front() ? "" : ",");
		write_trace(file, one, what.family);
	}
	std::fprintf(file, "]}\n");
	return std::fclose(file) == 0;
}

} // namespace traces
