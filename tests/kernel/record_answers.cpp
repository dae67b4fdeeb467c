// SPDX-License-Identifier: MIT
// record_answers DIRECTORY: asks the machine's kernel, and writes what it answers to
// enumeration.json, random.json and scenarios.json there.
#include <cerrno>
#include <cstdio>
#include <set>
#include <tuple>

#include <sys/utsname.h>

#include "enumeration.hpp"
#include "kernel_world.hpp"
#include "random_sequence.hpp"
#include "recording.hpp"
#include "scenarios.hpp"

namespace {

using namespace kernel_diff;

recorded_step record(world& from, const operation& op) {
	recorded_step step{op, from.apply(op), {}};
	step.now = from.state();
	return step;
}

/// Chooses cases so that everything that makes a difference is there once, but not all together.
class selection {
  public:
	bool wants(std::size_t tree, const operation& op, const answer& got) {
		const int state = static_cast<int>(tree), kind = static_cast<int>(op.kind), error = got.error;
		const int flags = static_cast<int>(op.flags), mode = flags & 3;
		if (op.kind == op_kind::query)
			return first({0, state, error, mode, op.want_flags, room(op, got)});
		if (op.cgroup < 0)
			return first({4, kind, error, flags, op.cgroup, op.prog});
		const int anchor = op.anchor_link >= 0 ? 100 + op.anchor_link : op.anchor_prog;
		const int revision = static_cast<int>(op.revision);
		// A detach refuses all flags alike.
		const bool by_flags = op.kind != op_kind::detach && first({1, kind, error, flags, 0, 0});
		const bool by_objects = first({2, state, kind, error, anchor, op.prog});
		const bool by_replace = first({3, state, kind, error, op.replace, (revision != 0) * 4 + mode});
		return by_flags || by_objects || by_replace;
	}

  private:
	using signature = std::tuple<int, int, int, int, int, int>;

	bool first(const signature& like) { return seen_.insert(like).second; }
	static int room(const operation& op, const answer& got) {
		if (!op.capacity)
			return 0;
		return op.capacity < got.found.count ? 1 : 2;
	}

	std::set<signature> seen_;
};

void start(world& from, recorded_tree& tree, const starting_state& state) {
	from.reset();
	tree.steps.clear();
	for (const operation& op : state.build)
		tree.steps.push_back(record(from, op));
}

std::vector<recorded_tree> record_enumeration(world& from) {
	std::vector<recorded_tree> trees;
	selection chosen;
	for (const starting_state& state : starting_states()) {
		recorded_tree tree{state.name, {}, {}};
		start(from, tree, state);
		for (const operation& op : cases_of(state)) {
			recorded_step step = record(from, op);
			const bool changed = !(step.now == tree.start());
			if (chosen.wants(trees.size(), op, step.got))
				tree.cases.push_back(std::move(step));
			if (changed)
				start(from, tree, state);
		}
		trees.push_back(std::move(tree));
	}
	return trees;
}

std::vector<recorded_tree> record_random(world& from) {
	constexpr std::uint64_t sequences = 12;
	std::vector<recorded_tree> trees;
	for (std::uint64_t seed = 1; seed <= sequences; ++seed) {
		random_sequence random(seed);
		recorded_tree tree{print("random %llu", static_cast<unsigned long long>(seed)), {}, {}};
		from.reset();
		for (const operation& op : random.beginning())
			tree.steps.push_back(record(from, op));
		for (int count = 0; count != sequence_length; ++count) {
			recorded_step step = record(from, random.next(from.numbers(), tree.start()));
			if (!step.got.skipped)
				tree.steps.push_back(std::move(step));
		}
		trees.push_back(std::move(tree));
	}
	return trees;
}

std::vector<recorded_tree> record_scenarios(world& from) {
	std::vector<recorded_tree> trees;
	for (const scenario& each : scenarios()) {
		recorded_tree tree{each.name, {}, {}};
		from.reset();
		for (const operation& op : each.steps)
			tree.steps.push_back(record(from, op));
		trees.push_back(std::move(tree));
	}
	return trees;
}

} // namespace

int main(int argc, char** argv) {
	if (argc != 2) {
		std::fprintf(stderr, "record_answers DIRECTORY\n");
		return 2;
	}
	kernel_world kernel;
	if (!kernel.unusable().empty()) {
		std::fprintf(stderr, "this machine's kernel cannot be asked: %s\n", kernel.unusable().c_str());
		return 1;
	}
	utsname name{};
	::uname(&name);
	const std::string on = print("Linux %s %s", name.release, name.machine), directory = argv[1];
	const bool written = write_recording(directory + "/enumeration.json", on, record_enumeration(kernel)) &&
						 write_recording(directory + "/random.json", on, record_random(kernel)) &&
						 write_recording(directory + "/scenarios.json", on, record_scenarios(kernel));
	if (!written)
		std::perror(argv[1]);
	return written ? 0 : 1;
}
