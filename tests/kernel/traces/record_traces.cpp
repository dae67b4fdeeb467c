// SPDX-License-Identifier: MIT
// record_traces DIRECTORY: plays all scenarios in the machine's kernel, and writes what it did to
// traces-ipv4.json and traces-ipv6.json there.
// record_traces --print NAME [ipv6]: plays one, and prints each call. Part of a name is enough.
#include <cstdio>
#include <cstring>

#include "kernel_runner.hpp"
#include "scenarios.hpp"

namespace {

using namespace traces;

const char* name_of(const step& one) {
	const char* const names[] = {"listen",   "connect", "accept",     "send", "read", "close",
								 "shutdown", "abort",   "disconnect", "drop", "wait"};
	return names[static_cast<int>(one.what)];
}

void print(const char* who, const std::vector<call>& calls) {
	for (const call& one : calls)
		std::printf("      %s: %s\n", who, details_of(one).c_str());
}

int print_some(const char* name, bool ipv6, bool details) {
	std::vector<timeline> chosen;
	for (scenario& each : scenarios())
		if (each.what.name.find(name) != std::string::npos) {
			chosen.push_back(each.what);
			chosen.back().family = ipv6 ? ip_family::ipv6 : ip_family::ipv4;
		}
	const std::vector<played> all = play_all(chosen);
	for (std::size_t which = 0; which != chosen.size(); ++which) {
		const timeline& each = chosen[which];
		const played& got = all[which];
		std::printf("== %s %s\n", each.name.c_str(), got.error.c_str());
		for (std::size_t at = 0; at != got.seen.size(); ++at) {
			const step& one = each.steps[at];
			std::printf("  +%lldms %s %s", static_cast<long long>(one.after.count() / 1'000'000),
						one.who == side::client ? "client" : "server", name_of(one));
			if (one.what == action::send)
				std::printf(" %u x %u", one.bytes, one.count);
			if (one.what == action::drop)
				std::printf(" %u after %u kind %d", one.count, one.pass, static_cast<int>(one.kind));
			std::printf("\n");
			if (details) {
				print("client", got.seen[at].client);
				print("server", got.seen[at].server);
			} else {
				std::printf("    client: %s\n    server: %s\n", text_of(got.seen[at].client).c_str(),
							text_of(got.seen[at].server).c_str());
			}
		}
	}
	return 0;
}

} // namespace

int main(int argc, char** argv) {
	const kernel_runner kernel;
	if (!kernel.unusable().empty()) {
		std::fprintf(stderr, "this machine's kernel cannot be asked: %s\n", kernel.unusable().c_str());
		return 1;
	}
	bool ipv6 = false, details = false;
	for (int at = 1; at < argc; ++at) {
		ipv6 = ipv6 || std::strcmp(argv[at], "ipv6") == 0;
		details = details || std::strcmp(argv[at], "details") == 0;
	}
	return print_some(argc > 2 ? argv[2] : "", ipv6, details);
}
