// SPDX-License-Identifier: MIT
#include "world.hpp"

#include <algorithm>

namespace kernel_diff {

namespace {

std::string in_words(int number, const cgroup_state& cgroup) {
	if (cgroup.error)
		return print("c%d: %s\n", number, error_in_words(cgroup.error).c_str());
	return print("c%d: mode %u, revision %llu, list %s, effective %s\n", number, cgroup.mode,
				 static_cast<unsigned long long>(cgroup.revision), numbers_in_words(cgroup.list).c_str(),
				 numbers_in_words(cgroup.effective).c_str());
}

std::string in_words(int number, const link_state& link) {
	return link.cgroup < 0 ? print("L%d: P%d at nothing\n", number, link.prog)
						   : print("L%d: P%d at c%d\n", number, link.prog, link.cgroup);
}

std::string in_words(int number, const std::vector<int>& ran) {
	return print("socket %d runs %s\n", number, numbers_in_words(ran).c_str());
}

/// Entries of `part` that `other` has not, or has otherwise.
template <class Part>
std::string part_in_words(const Part& part, const Part& other) {
	std::string text;
	for (const auto& [number, each] : part) {
		const auto same = other.find(number);
		if (same == other.end() || !(same->second == each))
			text += print("    %s", in_words(number, each).c_str());
	}
	return text;
}

} // namespace

std::string difference_in_words(const world_state& state, const world_state& other) {
	return part_in_words(state.cgroups, other.cgroups) + part_in_words(state.links, other.links) +
		   part_in_words(state.sockets, other.sockets);
}

std::string in_words(const world_state& state) { return difference_in_words(state, {}); }

bool numbering::possible(const operation& op) const {
	const auto here = cgroups.find(op.cgroup);
	const bool known_cgroup = here != cgroups.end();
	const bool has_handle = known_cgroup || op.cgroup < 0;
	const bool anchor_known = op.anchor_link < 0 || links.count(op.anchor_link);
	switch (op.kind) {
	case op_kind::mkdir:
		return !known_cgroup && cgroups.count(op.parent);
	case op_kind::rmdir:
		return known_cgroup && op.cgroup != 0;
	case op_kind::attach:
	case op_kind::detach:
		return has_handle && anchor_known;
	case op_kind::query:
		return has_handle;
	case op_kind::link_create:
		return has_handle && anchor_known && !links.count(op.link);
	case op_kind::link_update:
	case op_kind::link_detach:
		return links.count(op.link) != 0;
	case op_kind::link_close:
		return links.count(op.link) && !links.at(op.link);
	case op_kind::socket_open:
		return known_cgroup && !here->second.removed && !sockets.count(op.socket);
	case op_kind::socket_close:
		return sockets.count(op.socket) != 0;
	}
	return false;
}

void numbering::done(const operation& op) {
	switch (op.kind) {
	case op_kind::mkdir:
		cgroups[op.cgroup].parent = op.parent;
		break;
	case op_kind::rmdir:
		cgroups[op.cgroup].removed = true;
		break;
	case op_kind::link_create:
		links[op.link] = false;
		break;
	case op_kind::link_close:
		links[op.link] = true;
		break;
	case op_kind::socket_open:
		sockets[op.socket] = op.cgroup;
		++sockets_ever;
		break;
	case op_kind::socket_close:
		sockets.erase(op.socket);
		break;
	default:
		break;
	}
}

bool numbering::has_socket(int cgroup) const {
	return std::any_of(sockets.begin(), sockets.end(),
					   [&](const auto& each) { return each.second == cgroup; });
}

bool numbering::released(int cgroup) const {
	if (!cgroups.at(cgroup).removed || has_socket(cgroup))
		return false;
	return std::all_of(cgroups.begin(), cgroups.end(), [&](const auto& each) {
		return each.second.parent != cgroup || released(each.first);
	});
}

void world::reset() {
	start_over();
	numbers_ = {};
}

answer world::apply(const operation& op) {
	if (!numbers_.possible(op))
		return {0, true, {}};
	const answer got = carry_out(op);
	if (!got.error) {
		numbers_.done(op);
		settle();
	}
	return got;
}

cgroup_state world::look_at_cgroup(int cgroup) {
	operation query{.kind = op_kind::query, .cgroup = cgroup, .capacity = 512};
	answer got = carry_out(query);
	cgroup_state state{got.error, got.found.attach_flags, got.found.revision, std::move(got.found.progs), {}};
	if (got.error)
		return state;
	query.flags = 1;
	state.effective = carry_out(query).found.progs;
	return state;
}

world_state world::state() {
	world_state all;
	for (const auto& each : numbers_.cgroups)
		all.cgroups.emplace(each.first, look_at_cgroup(each.first));
	for (const auto& [number, closed] : numbers_.links)
		if (!closed)
			all.links.emplace(number, look_at_link(number));
	for (const auto& each : numbers_.sockets)
		all.sockets.emplace(each.first, run(each.first));
	return all;
}

namespace {

/// Sockets for which something else ran than a query of their cgroup lists.
std::string not_as_listed(const world_state& state, const numbering& numbers) {
	std::string text;
	for (const auto& [number, ran] : state.sockets) {
		const cgroup_state& from = state.cgroups.at(numbers.sockets.at(number));
		if (!from.error && ran != from.effective)
			text += print("  socket %d ran %s, listed is %s\n", number, numbers_in_words(ran).c_str(),
						  numbers_in_words(from.effective).c_str());
	}
	return text;
}

} // namespace

std::optional<std::string> step_both(world& expected, world& tested, const operation& op,
									 world_state* after) {
	const answer wanted = expected.apply(op), got = tested.apply(op);
	std::string words;
	if (!(wanted == got))
		words = "  expected: " + in_words(op, wanted) + "\n  got:      " + in_words(op, got) + "\n";
	world_state should = expected.state();
	const world_state is = tested.state();
	words += not_as_listed(should, expected.numbers());
	if (!(should == is)) {
		words += "  after " + in_words(op, wanted) + "\n  expected:\n" + difference_in_words(should, is) +
				 "  got:\n" + difference_in_words(is, should);
	}
	if (after)
		*after = std::move(should);
	return words.empty() ? std::nullopt : std::optional(words);
}

std::optional<mismatch> run_both(world& expected, world& tested, const std::vector<operation>& sequence) {
	expected.reset();
	tested.reset();
	for (std::size_t step = 0; step != sequence.size(); ++step)
		if (auto words = step_both(expected, tested, sequence[step]))
			return mismatch{step, std::move(*words)};
	return std::nullopt;
}

std::vector<operation> shrink(world& expected, world& tested, std::vector<operation> sequence) {
	if (const auto first = run_both(expected, tested, sequence))
		sequence.resize(first->step + 1);
	for (std::size_t chunk = sequence.size() / 2; chunk; chunk /= 2) {
		for (std::size_t at = 0; at + chunk <= sequence.size();) {
			std::vector<operation> shorter = sequence;
			shorter.erase(shorter.begin() + at, shorter.begin() + at + chunk);
			if (run_both(expected, tested, shorter))
				sequence = std::move(shorter);
			else
				at += chunk;
		}
	}
	return sequence;
}

} // namespace kernel_diff
