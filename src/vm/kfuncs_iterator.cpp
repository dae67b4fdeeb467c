// SPDX-License-Identifier: MIT
// Open-coded iterators: bpf_iter_num_*() and bpf_iter_bits_*(), which bpf_for() and bpf_for_each() are made
// of. A program holds a struct on its stack for each; what it stands for is kept by the machine under its
// address, so that nothing can be forged. The struct shows the number that was given last.

#include <cstring>
#include <new>

#include "kfuncs.hpp"

namespace sockops::vm {

namespace {

using kind = open_iterator::kind;

const char* name_of(kind of) noexcept { return of == kind::numbers ? "bpf_iter_num" : "bpf_iter_bits"; }

void refuse(machine& m, kind of, const char* call, std::string why) noexcept {
	m.fault(m.at, std::string(name_of(of)) + call + "(): " + std::move(why));
}

open_iterator* find(machine& m, u64 address) noexcept {
	for (u32 i = 0; i != m.iterators_used; ++i)
		if (m.iterators[i].where == address)
			return &m.iterators[i];
	return nullptr;
}

bool on_stack(const machine& m, u64 address) noexcept {
	return address - reinterpret_cast<std::uintptr_t>(m.stack) < sizeof m.stack;
}

/// A place for a new one; nullptr, and a fault, where it cannot be.
open_iterator* begin(machine& m, u64 address, kind of) noexcept {
	constexpr char call[] = "_new";
	if (find(m, address))
		return refuse(m, of, call, "the iterator there has not been destroyed"), nullptr;
	if (!on_stack(m, address) ||
		!m.writable(address, 8, of == kind::numbers ? "bpf_iter_num_new" : "bpf_iter_bits_new"))
		return refuse(m, of, call, "its iterator is " + describe_pointer(m, address) + ", not on the stack"),
			   nullptr;
	if (m.iterators_used == machine::max_iterators)
		return refuse(m, of, call,
					  "more than " + std::to_string(machine::max_iterators) + " iterators at a time"),
			   nullptr;
	open_iterator& made = m.iterators[m.iterators_used++];
	made = {};
	made.where = address;
	made.of = of;
	return &made;
}

/// The iterator that was begun there; nullptr, and a fault, if none was.
open_iterator* begun(machine& m, u64 address, kind of, const char* call) noexcept {
	open_iterator* const found = find(m, address);
	if (found && found->of == of)
		return found;
	refuse(m, of, call,
		   "there is no iterator at " + describe_pointer(m, address) + ": it was not made by " + name_of(of) +
			   "_new(), or has been destroyed");
	return nullptr;
}

/// The address where the program reads the number. A kernel looks at a turn of such a loop, not at all of
/// them: each begins anew.
u64 show(machine& m, const open_iterator& it, s32 number) noexcept {
	m.refill();
	std::memcpy(reinterpret_cast<void*>(static_cast<std::uintptr_t>(it.where)), &number, sizeof number);
	return it.where;
}

u64 num_new(machine& m, const u64* r) noexcept {
	open_iterator* const it = begin(m, r[1], kind::numbers);
	return it ? as_int(begin_numbers(it->numbers, static_cast<s32>(r[2]), static_cast<s32>(r[3]))) : 0;
}
u64 num_next(machine& m, const u64* r) noexcept {
	open_iterator* const it = begun(m, r[1], kind::numbers, "_next");
	return it && next_number(it->numbers) ? show(m, *it, it->numbers.current) : 0;
}

u64 bits_new(machine& m, const u64* r) noexcept {
	const auto count = static_cast<u32>(r[3]);
	open_iterator* const it = begin(m, r[1], kind::bits);
	if (!it)
		return 0;
	const auto* const given = reinterpret_cast<const void*>(static_cast<std::uintptr_t>(r[2]));
	if (const int error = check_bit_words(given, count); error != 0)
		return as_int(error);
	const u8* const from = m.reach_elsewhere(r[2], u64{count} * 8, access::read);
	if (!from)
		return as_int(-EFAULT);
	it->words = new (std::nothrow) u64[count];
	if (!it->words)
		return as_int(-ENOMEM);
	std::memcpy(it->words, from, std::size_t{count} * 8);
	it->word_count = count;
	return 0;
}
u64 bits_next(machine& m, const u64* r) noexcept {
	open_iterator* const it = begun(m, r[1], kind::bits, "_next");
	if (!it)
		return 0;
	const u32 bit = next_bit(it->words, it->word_count, it->next_bit);
	it->next_bit = bit + 1;
	if (bit != it->word_count * 64)
		return show(m, *it, static_cast<s32>(bit));
	it->next_bit = bit;
	return 0;
}

template <kind Of>
u64 destroy(machine& m, const u64* r) noexcept {
	if (open_iterator* const it = begun(m, r[1], Of, "_destroy")) {
		delete[] it->words;
		*it = m.iterators[--m.iterators_used];
	}
	return 0;
}

constexpr kfunc_row rows[] = {
	{"bpf_iter_num_new", num_new},
	{"bpf_iter_num_next", num_next},
	{"bpf_iter_num_destroy", destroy<kind::numbers>},
	{"bpf_iter_bits_new", bits_new},
	{"bpf_iter_bits_next", bits_next},
	{"bpf_iter_bits_destroy", destroy<kind::bits>},
};

} // namespace

std::span<const kfunc_row> iterator_kfuncs() noexcept { return rows; }

} // namespace sockops::vm
