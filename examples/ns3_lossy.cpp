// SPDX-License-Identifier: MIT
// The hook in a real TCP simulator: a client sends to a server over a lossy link, without handlers and
// with handlers at two levels of a cgroup tree. Prints the timeline of callbacks and what they changed.
//
//   lossy/simulation.cpp   the ns-3 script, and how it is hooked
//   lossy/programs.bpf.c   the programs, in C as for a kernel; lossy/programs.cpp loads their object
//   lossy/report.cpp       what is printed; lossy/json.cpp the same as JSON

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include <sockops/object/bpf_object.hpp>

#include "lossy/report.hpp"

namespace {

constexpr const char* usage = R"(ns3_lossy [--loss P] [--seed N] [--no-handlers] [--json] [--help]

  --loss P       probability that a packet to the server is lost, 0 to 0.5; default 0.01
  --seed N       of the losses, 1 to 4294967295; default 1. The same seed gives the same output
  --no-handlers  only the run without handlers
  --json         JSON on stdout and nothing else: configuration, callbacks, effects of both runs
  --help         this text

The first SYN is lost in every run.
)";

struct options {
	lossy::settings with;
	bool handlers = true;
	bool json = false;
};

[[noreturn]] void refuse(const std::string& why) {
	fmt::print(stderr, "ns3_lossy: {}\n", why);
	std::exit(2);
}

template <class T>
T number(std::string_view option, std::string_view text, T least, T most, std::string_view wanted) {
	T value{};
	const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
	if (error != std::errc() || end != text.data() + text.size() || !(value >= least && value <= most))
		refuse(fmt::format("{} '{}': give {}", option, text, wanted));
	return value;
}

options parse(int argc, char** argv) {
	options chosen;
	for (int i = 1; i < argc; ++i) {
		const std::string_view name = argv[i];
		const auto value = [&]() -> std::string_view {
			if (i + 1 == argc)
				refuse(fmt::format("{} has no value: write it after the option, as in '{} {}'", name, name,
								   name == "--loss" ? "0.01" : "1"));
			return argv[++i];
		};
		if (name == "--help") {
			fmt::print("{}", usage);
			std::exit(0);
		} else if (name == "--json") {
			chosen.json = true;
		} else if (name == "--no-handlers") {
			chosen.handlers = false;
		} else if (name == "--loss") {
			chosen.with.loss = number(name, value(), 0.0, 0.5, "a probability from 0 to 0.5, such as 0.01");
		} else if (name == "--seed") {
			chosen.with.seed = number(name, value(), 1u, 4294967295u, "a whole number from 1 to 4294967295");
		} else {
			refuse(fmt::format("unknown option '{}': ns3_lossy --help lists those that there are", name));
		}
	}
	return chosen;
}

} // namespace

int main(int argc, char** argv) try {
	const options chosen = parse(argc, argv);
	lossy::comparison both{chosen.with, lossy::simulate(chosen.with, false), {}};
	if (chosen.handlers)
		both.hooked = lossy::simulate(chosen.with, true);
	fmt::print("{}", chosen.json ? lossy::as_json(both) : lossy::as_text(both));
} catch (const sockops::object_error& error) {
	fmt::print(stderr, "ns3_lossy: {}\n", error.what());
	return 1;
}
