// SPDX-License-Identifier: MIT
#include "random_sequence.hpp"

#include <iterator>

namespace kernel_diff {

namespace {

constexpr unsigned progs_used = 10;

struct weight {
	op_kind kind;
	unsigned percent;
};
constexpr weight weights[] = {
	{op_kind::attach, 33},     {op_kind::detach, 10},      {op_kind::link_create, 13},
	{op_kind::link_update, 8}, {op_kind::link_detach, 3},  {op_kind::link_close, 4},
	{op_kind::mkdir, 8},       {op_kind::rmdir, 9},        {op_kind::query, 6},
	{op_kind::socket_open, 3}, {op_kind::socket_close, 3},
};

} // namespace

random_sequence::random_sequence(std::uint64_t seed)
	: random_(seed), cgroup_limit_(4 + static_cast<int>(random_() % 7)) {}

template <class Map>
int random_sequence::one_of(const Map& map) {
	return std::next(map.begin(), below(static_cast<unsigned>(map.size())))->first;
}

std::vector<operation> random_sequence::beginning() {
	std::vector<operation> all;
	for (int cgroup = 1; cgroup != cgroup_limit_ - 1; ++cgroup)
		all.push_back({.kind = op_kind::mkdir,
					   .cgroup = cgroup,
					   .parent = static_cast<int>(below(static_cast<unsigned>(cgroup)))});
	if (chance(60))
		all.push_back({.kind = op_kind::socket_open,
					   .cgroup = static_cast<int>(below(static_cast<unsigned>(cgroup_limit_ - 1))),
					   .socket = 0});
	if (chance(8)) // crowded
		for (int prog = progs_used; prog != 72; ++prog)
			all.push_back({.kind = op_kind::attach, .cgroup = 1, .prog = prog, .flags = flag::allow_multi});
	return all;
}

/// Rather one that is not removed.
int random_sequence::some_cgroup(const numbering& numbers, const world_state& now) {
	int number = one_of(numbers.cgroups);
	for (int attempt = 0; attempt != 3 && now.cgroups.at(number).error; ++attempt)
		number = one_of(numbers.cgroups);
	return number;
}

int random_sequence::some_prog() { return static_cast<int>(below(progs_used)); }

int random_sequence::some_handle(int usually) {
	return chance(95) ? usually : -static_cast<int>(1 + below(4));
}

/// Rather one in the list of `cgroup`.
int random_sequence::attached_prog(const world_state& now, int cgroup) {
	const std::vector<int>& list = now.cgroups.at(cgroup).list;
	return list.empty() || chance(20) ? some_prog() : list[below(static_cast<unsigned>(list.size()))];
}

void random_sequence::some_revision(operation& op, const world_state& now) {
	if (chance(15))
		op.revision = now.cgroups.at(op.cgroup).revision + (chance(25) ? 1 : 0);
}

std::uint32_t random_sequence::some_position() {
	std::uint32_t flags = chance(30) ? flag::preorder : 0;
	flags |= chance(30) ? flag::before : 0;
	flags |= chance(25) ? flag::after : 0;
	return flags;
}

void random_sequence::some_anchor(operation& op, const numbering& numbers, const world_state& now) {
	if (!chance(35))
		return;
	if (!(op.flags & (flag::before | flag::after)) && chance(90))
		op.flags |= chance(50) ? flag::before : flag::after;
	op.flags |= chance(50) ? flag::id : 0;
	const bool beside_link = op.kind == op_kind::link_create ? chance(90) : chance(10);
	op.flags |= beside_link != chance(5) ? flag::link : 0;
	if (beside_link && !numbers.links.empty())
		op.anchor_link = one_of(numbers.links);
	else
		op.anchor_prog = some_handle(attached_prog(now, op.cgroup));
}

operation random_sequence::mkdir(const numbering& numbers, const world_state& now) {
	operation op{.kind = op_kind::mkdir, .cgroup = static_cast<int>(numbers.cgroups.size())};
	if (op.cgroup >= cgroup_limit_ + 4)
		return query(numbers, now);
	op.parent = some_cgroup(numbers, now);
	return op;
}

/// Rather one with a socket.
operation random_sequence::rmdir(const numbering& numbers, const world_state& now) {
	operation op{.kind = op_kind::rmdir, .cgroup = some_cgroup(numbers, now)};
	if (!numbers.sockets.empty() && chance(40))
		op.cgroup = numbers.sockets.at(one_of(numbers.sockets));
	return op;
}

operation random_sequence::attach(const numbering& numbers, const world_state& now) {
	operation op{
		.kind = op_kind::attach, .cgroup = some_cgroup(numbers, now), .prog = some_handle(some_prog())};
	const cgroup_state& here = now.cgroups.at(op.cgroup);
	constexpr std::uint32_t modes[] = {flag::allow_multi, flag::allow_multi, flag::allow_multi,
									   flag::allow_override, 0};
	op.flags = !here.list.empty() && chance(80) ? here.mode : modes[below(5)];
	op.flags |= some_position();
	if (op.flags & flag::allow_multi && chance(20)) {
		op.flags &= ~(chance(90) ? flag::before | flag::after : 0);
		op.flags |= flag::replace;
		op.replace = some_handle(attached_prog(now, op.cgroup));
	}
	some_anchor(op, numbers, now);
	some_revision(op, now);
	if (chance(3))
		op.flags ^= 1u << below(16);
	return op;
}

operation random_sequence::detach(const numbering& numbers, const world_state& now) {
	operation op{.kind = op_kind::detach, .cgroup = some_cgroup(numbers, now)};
	op.prog = some_handle(attached_prog(now, op.cgroup));
	some_revision(op, now);
	if (chance(3))
		op.flags = 1u << below(16);
	if (chance(2))
		op.anchor_prog = some_prog();
	return op;
}

operation random_sequence::link_create(const numbering& numbers, const world_state& now) {
	operation op{.kind = op_kind::link_create,
				 .cgroup = some_cgroup(numbers, now),
				 .prog = some_handle(some_prog()),
				 .link = static_cast<int>(numbers.links.size()),
				 .flags = some_position()};
	some_anchor(op, numbers, now);
	some_revision(op, now);
	if (chance(3))
		op.flags ^= 1u << below(16);
	return op;
}

operation random_sequence::link_update(const numbering& numbers, const world_state& now) {
	if (numbers.links.empty())
		return link_create(numbers, now);
	operation op = on_link(op_kind::link_update, numbers);
	op.prog = some_handle(some_prog());
	const auto link = now.links.find(op.link);
	if (chance(35)) {
		op.flags = flag::replace;
		op.replace = some_handle(link != now.links.end() && chance(70) ? link->second.prog : some_prog());
	}
	if (chance(4))
		op.replace = some_prog();
	if (chance(3))
		op.flags ^= 1u << below(4);
	return op;
}

operation random_sequence::on_link(op_kind kind, const numbering& numbers) {
	return {.kind = kind, .link = one_of(numbers.links)};
}

operation random_sequence::query(const numbering& numbers, const world_state& now) {
	return {.kind = op_kind::query,
			.cgroup = some_cgroup(numbers, now),
			.flags = chance(90) ? below(2) : below(8),
			.capacity = chance(70) ? below(4) : below(80),
			.want_flags = chance(40)};
}

operation random_sequence::next(const numbering& numbers, const world_state& now) {
	unsigned draw = below(100);
	const weight* chosen = weights;
	for (; draw >= chosen->percent; ++chosen)
		draw -= chosen->percent;
	switch (chosen->kind) {
	case op_kind::attach:
		return attach(numbers, now);
	case op_kind::detach:
		return detach(numbers, now);
	case op_kind::link_update:
		return link_update(numbers, now);
	case op_kind::link_detach:
	case op_kind::link_close:
		return numbers.links.empty() ? link_create(numbers, now) : on_link(chosen->kind, numbers);
	case op_kind::link_create:
		return link_create(numbers, now);
	case op_kind::mkdir:
		return mkdir(numbers, now);
	case op_kind::rmdir:
		return rmdir(numbers, now);
	case op_kind::socket_open:
		return {.kind = op_kind::socket_open,
				.cgroup = some_cgroup(numbers, now),
				.socket = numbers.sockets_ever};
	case op_kind::socket_close:
		if (!numbers.sockets.empty())
			return {.kind = op_kind::socket_close, .socket = one_of(numbers.sockets)};
		[[fallthrough]];
	default:
		return query(numbers, now);
	}
}

std::optional<mismatch> run_random(world& expected, world& tested, std::uint64_t seed,
								   std::vector<operation>& done) {
	random_sequence random(seed);
	const std::vector<operation> first = random.beginning();
	world_state now;
	expected.reset();
	tested.reset();
	for (std::size_t step = 0; step != first.size() + sequence_length; ++step) {
		done.push_back(step < first.size() ? first[step] : random.next(expected.numbers(), now));
		if (auto words = step_both(expected, tested, done.back(), &now))
			return mismatch{step, std::move(*words)};
	}
	return std::nullopt;
}

} // namespace kernel_diff
