// SPDX-License-Identifier: MIT
#include "deeds.hpp"

#include "../ebpf_prog.hpp"
#include "arguments.hpp"
#include "memory.hpp"
#include "rules.hpp"
#include "words.hpp"

namespace sockops::vm::check {

namespace {

using what = taken::what;

const bpf_map_attr* map_in_r1(const subject& of, const path& on) {
	return on.regs[1].is == holds::map ? &of.map(on.regs[1].which) : nullptr;
}

bool holds_sockets(const bpf_map_attr& map) { return bpf_map_type_holds(map.map_type) == map_holds::sockets; }

std::string of_map(const bpf_map_attr& map) {
	return std::string(" of the ") + bpf_map_type_name(map.map_type) + " '" + map.map_name + "'";
}

objection lookup(subject& of, path& on) {
	const bpf_map_attr* const map = map_in_r1(of, on);
	if (!map || !holds_sockets(*map))
		return {};
	return broken(
		rules::given_back,
		"bpf_map_lookup_elem()" + of_map(*map) +
			" gives a socket with a reference, which would leak: bpf_sk_release() is not for SOCK_OPS "
			"programs",
		"keep what is needed of a socket in its bpf_sk_storage", EINVAL);
}

objection change(subject& of, path& on) {
	const bpf_map_attr* const map = map_in_r1(of, on);
	return map ? rule_of_writing(*map) : objection{};
}

objection update(subject& of, path& on) {
	const bpf_map_attr* const map = map_in_r1(of, on);
	if (!map || !holds_sockets(*map))
		return change(of, on);
	return broken(
		rules::argument,
		"cannot update sockmap in this context: bpf_map_update_elem()" + of_map(*map) +
			" is not for SOCK_OPS programs, which enter their own socket by " +
			(map->map_type == BPF_MAP_TYPE_SOCKMAP ? "bpf_sock_map_update()" : "bpf_sock_hash_update()"),
		{}, EINVAL);
}

objection for_each(subject& of, path& on) {
	const bpf_map_attr* const map = map_in_r1(of, on);
	const map_holds held = map ? bpf_map_type_holds(map->map_type) : map_holds::values;
	if (held == map_holds::values || held == map_holds::percpu_values)
		return {};
	return broken(rules::argument, "bpf_for_each_map_elem()" + of_map(*map) + " is not possible",
				  "pass a hash or an array of values", EINVAL);
}

objection submit(subject&, path& on) {
	const known record = on.regs[1];
	if (record.is == holds::anything)
		on.give_back_all(what::record);
	if (record.is != holds::record)
		return {};
	on.give_back(record.id, what::record);
	on.for_values([&](known& value) { // a number, whose bounds nobody knows
		if (value.is == holds::record && value.id == record.id)
			value = number(all_of(64));
	});
	return {};
}

/// The lock that r1 leads to; nullopt: not known.
std::optional<held_lock> lock_of(const path& on) {
	const known& at = on.regs[1];
	return at.is == holds::map_value ? std::optional(held_lock{at.which, at.id}) : std::nullopt;
}

objection take_lock(subject& of, path& on) {
	const known& at = on.regs[1];
	if (at.is != holds::map_value)
		return {};
	const bpf_map_attr& map = of.map(at.which);
	if (map.spin_lock_off < 0)
		return broken(rules::lock, "map '" + map.map_name + "' has no struct bpf_spin_lock in its value",
					  "declare one in the type of the value", EINVAL);
	if (!at.values.is_one() || at.fixed + static_cast<s64>(at.values.first) != map.spin_lock_off)
		return broken(rules::lock,
					  "off " + std::to_string(at.fixed) +
						  " doesn't point to the struct bpf_spin_lock of map '" + map.map_name +
						  "', which is at " + std::to_string(map.spin_lock_off),
					  "pass the address of the lock", EINVAL);
	if (on.lock)
		return broken(rules::lock, "locking two bpf_spin_locks is not allowed", "unlock the first one before",
					  EINVAL);
	on.lock = lock_of(on);
	return {};
}

objection leave_lock(subject&, path& on) {
	const std::optional<held_lock> given = lock_of(on);
	if (!given) {
		on.lock.reset(); // whichever it is
		return {};
	}
	if (!on.lock)
		return broken(rules::lock, "bpf_spin_unlock() without taking a lock", "call bpf_spin_lock() before",
					  EINVAL);
	if (*on.lock != *given)
		return broken(rules::lock, "bpf_spin_unlock() of another lock than the one that is held",
					  "pass the address that bpf_spin_lock() was given", EINVAL);
	on.lock.reset();
	return {};
}

/// Which object of the stack a register leads to: its place, as an identity.
u32 place_on_stack(const known& at) noexcept {
	return at.which * max_bpf_stack + static_cast<u32>(at.fixed + s64{max_bpf_stack});
}

bool is_one_place(const known& at) noexcept { return at.is == holds::frame && !at.varies; }

template <what Is, u32 Reg>
objection take_on_stack(subject&, path& on) {
	const known& at = on.regs[Reg];
	if (is_one_place(at))
		on.holding.push_back({Is, place_on_stack(at), on.at});
	return {};
}
template <what Is>
objection give_back_on_stack(subject&, path& on) {
	const known& at = on.regs[1];
	if (is_one_place(at))
		on.give_back(place_on_stack(at), Is);
	else
		on.give_back_all(Is);
	return {};
}

template <what Is>
objection enter_section(subject&, path& on) {
	on.holding.push_back({Is, 0, on.at});
	return {};
}
template <what Is>
objection leave_section(subject&, path& on) {
	on.give_back(0, Is);
	return {};
}

objection store_hdr_opt(subject&, path& on) {
	on.forget_packets(number(all_of(64)));
	return {};
}

struct deed {
	std::string_view name;
	objection (*look)(subject& of, path& on);
};
constexpr deed uses_of_maps[] = {
	{"bpf_map_lookup_elem", lookup}, {"bpf_map_update_elem", update}, {"bpf_map_delete_elem", change},
	{"bpf_map_push_elem", change},   {"bpf_map_pop_elem", change},    {"bpf_for_each_map_elem", for_each},
};
constexpr deed deeds[] = {
	{"bpf_ringbuf_submit", submit},
	{"bpf_ringbuf_discard", submit},
	{"bpf_spin_lock", take_lock},
	{"bpf_spin_unlock", leave_lock},
	{"bpf_store_hdr_opt", store_hdr_opt},
	{"bpf_ringbuf_reserve_dynptr", take_on_stack<what::dynptr, 4>},
	{"bpf_ringbuf_submit_dynptr", give_back_on_stack<what::dynptr>},
	{"bpf_ringbuf_discard_dynptr", give_back_on_stack<what::dynptr>},
	{"bpf_iter_num_new", take_on_stack<what::numbers, 1>},
	{"bpf_iter_num_destroy", give_back_on_stack<what::numbers>},
	{"bpf_iter_bits_new", take_on_stack<what::bits, 1>},
	{"bpf_iter_bits_destroy", give_back_on_stack<what::bits>},
	{"bpf_rcu_read_lock", enter_section<what::rcu>},
	{"bpf_rcu_read_unlock", leave_section<what::rcu>},
	{"bpf_preempt_disable", enter_section<what::preemption>},
	{"bpf_preempt_enable", leave_section<what::preemption>},
	{"bpf_local_irq_save", enter_section<what::interrupts>},
	{"bpf_local_irq_restore", leave_section<what::interrupts>},
};

struct held_words {
	what is;
	const char *words, *remedy;
};
constexpr held_words words_of_held[] = {
	{what::record, "a record of bpf_ringbuf_reserve()",
	 "call bpf_ringbuf_submit() or bpf_ringbuf_discard() on every way that leads here"},
	{what::dynptr, "a dynptr of bpf_ringbuf_reserve_dynptr()",
	 "call bpf_ringbuf_submit_dynptr() or bpf_ringbuf_discard_dynptr() on every way that leads here, also "
	 "where "
	 "the reservation failed"},
	{what::numbers, "an iterator of bpf_iter_num_new()",
	 "call bpf_iter_num_destroy() on every way that leads here"},
	{what::bits, "an iterator of bpf_iter_bits_new()",
	 "call bpf_iter_bits_destroy() on every way that leads here"},
	{what::rcu, "bpf_rcu_read_lock()", "call bpf_rcu_read_unlock() on every way that leads here"},
	{what::preemption, "bpf_preempt_disable()", "call bpf_preempt_enable() on every way that leads here"},
	{what::interrupts, "bpf_local_irq_save()", "call bpf_local_irq_restore() on every way that leads here"},
};

objection look_by(std::span<const deed> table, subject& of, path& on, std::string_view call) {
	for (const deed& each : table)
		if (each.name == call)
			return each.look(of, on);
	return {};
}
} // namespace

objection look_at_use_of_map(subject& of, path& on, std::string_view call) {
	return look_by(uses_of_maps, of, on, call);
}
objection look_at_deed(subject& of, path& on, std::string_view call) { return look_by(deeds, of, on, call); }

objection rule_of_holding(const subject& of, const path& on, std::size_t held, std::string_view where) {
	if (on.lock)
		return broken(rules::lock, std::string(where) + " while a bpf_spin_lock is held",
					  "call bpf_spin_unlock() on every way that leads here", EINVAL);
	if (on.holding.size() <= held)
		return {};
	const taken& first = on.holding[held];
	for (const held_words& each : words_of_held) {
		if (each.is != first.is)
			continue;
		const bpf_source_line* const line = line_of(of.attr.lines, first.insn);
		return broken(rules::given_back,
					  std::string("Unreleased reference: ") + std::string(where) + " with " + each.words +
						  " of instruction " + std::to_string(first.insn) +
						  (line && line->line ? ", line " + std::to_string(line->line) : "") +
						  ", not given back",
					  each.remedy, EINVAL);
	}
	return {};
}

} // namespace sockops::vm::check
