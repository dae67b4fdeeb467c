// SPDX-License-Identifier: MIT
// record_hdr_opt DIRECTORY: asks the machine's kernel, and writes a selection of what its header option
// helpers answer to header_options.json there.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <set>
#include <tuple>

#include <sys/utsname.h>

#include "play.hpp"
#include "recorded_runs.hpp"

namespace {

using namespace hdr_opt;

/// Chooses runs so that everything that makes a difference is there once, but not all together.
class selection {
  public:
	bool wants(const run& each) {
		constexpr unsigned long sample = 100; // of the others: headers differ in more ways than calls do
		bool news = ++asked_ % sample == 0;
		for (std::size_t at = 0; at != each.calls.size(); ++at)
			news |= is_new(each.in, each.calls[at], each.got.answers[at].result);
		return news;
	}

  private:
	bool is_new(const situation& in, const call& made, std::int64_t result) {
		const int kind = made.bytes.empty() ? -1 : made.bytes[0];
		const int size = made.bytes.size() < 2 ? -1 : made.bytes[1];
		const int group = kind == 253 || kind == 254 ? 2 : kind < 2 ? kind : 3;
		const int got = result < 0 ? static_cast<int>(result) : 0, of = static_cast<int>(made.what);
		const int op = static_cast<int>(in.op) * 2 + in.fullsock, flags = static_cast<int>(made.flags);
		const int fits = std::clamp(static_cast<int>(made.len) - size, -1, 1);
		const bool by_op = seen_.insert({0, op, of, flags, got}).second;
		if (got == -EPERM || got == -EOPNOTSUPP)
			return by_op;
		const bool by_arguments = seen_.insert({of, group, std::min(size, 7), fits, got}).second;
		return by_op || by_arguments;
	}

	std::set<std::tuple<int, int, int, int, int>> seen_;
	unsigned long asked_ = 0;
};

} // namespace

int main(int argc, char** argv) {
	if (argc != 2) {
		std::fprintf(stderr, "record_hdr_opt DIRECTORY\n");
		return 2;
	}
	kernel_sockets kernel;
	if (!kernel.unusable().empty()) {
		std::fprintf(stderr, "this machine's kernel cannot be asked: %s\n", kernel.unusable().c_str());
		return 1;
	}
	std::vector<run> chosen;
	selection choice;
	const played done = play_all(kernel, [&](const run& each) {
		if (choice.wants(each))
			chosen.push_back(each);
	});
	if (!done.error.empty()) {
		std::fprintf(stderr, "%s\n", done.error.c_str());
		return 1;
	}
	utsname name{};
	::uname(&name);
	const std::string on = std::string("Linux ") + name.release + ' ' + name.machine;
	if (write_runs(std::string(argv[1]) + "/header_options.json", on, chosen))
		return 0;
	std::perror(argv[1]);
	return 1;
}
