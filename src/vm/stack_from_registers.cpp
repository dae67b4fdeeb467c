// SPDX-License-Identifier: MIT
// Dynptrs and iterators of interpreted programs, as arguments: what lies on a program's stack is only their
// address.
#include "stack_from_registers.hpp"

#include <cstring>

namespace sockops::vm {

using namespace helper;

bool from_registers<dynptr>::take(argument_cursor& at) noexcept {
	const u64 address = at.take();
	found = at.m.dynptrs.find(address);
	return found || at.refuse("there is no dynptr at " + describe_pointer(at.m, address));
}

bool from_registers<new_dynptr>::take(argument_cursor& at) noexcept {
	const u64 address = at.take();
	u8* const place = at.m.writable(address, 16, at.name);
	if (!place)
		return false;
	std::memset(place, 0, 16);
	const dynptr_table::entry* const before = at.m.dynptrs.find(address);
	if (before && before->is_record)
		return at.refuse("the dynptr there holds a record that was neither submitted nor discarded");
	m = &at.m;
	made = m->dynptrs.make(address);
	return made || at.refuse("more than " + std::to_string(dynptr_table::max) + " dynptrs at a time");
}
from_registers<new_dynptr>::~from_registers() {
	if (made)
		m->dynptrs.put(*made, state);
}

bool from_registers<record_dynptr>::take(argument_cursor& at) noexcept {
	from_registers<dynptr> any;
	if (!any.take(at))
		return false;
	if (!any.found->is_record)
		return at.refuse("the dynptr holds no record of a ring buffer");
	m = &at.m;
	held = any.found;
	return true;
}
from_registers<record_dynptr>::~from_registers() {
	if (held)
		m->dynptrs.forget_record(held->record_id);
}

namespace {

bool on_stack(const machine& m, u64 address) noexcept {
	return address - reinterpret_cast<std::uintptr_t>(m.stack) < sizeof m.stack;
}

} // namespace

iterator_table::entry* take_new_iterator(argument_cursor& at, iterator_table::kind of) noexcept {
	const u64 address = at.take();
	if (at.m.iterators.find(address))
		return at.refuse("the iterator there has not been destroyed"), nullptr;
	if (!on_stack(at.m, address) || !at.m.writable(address, 8, at.name))
		return at.refuse("its iterator is " + describe_pointer(at.m, address) + ", not on the stack"),
			   nullptr;
	iterator_table::entry* const made = at.m.iterators.make(address, of);
	if (!made)
		at.refuse("more than " + std::to_string(iterator_table::max) + " iterators at a time");
	return made;
}

iterator_table::entry* take_iterator(argument_cursor& at, iterator_table::kind of) noexcept {
	const u64 address = at.take();
	iterator_table::entry* const found = at.m.iterators.find(address);
	if (found && found->of == of)
		return found;
	at.refuse("there is no iterator at " + describe_pointer(at.m, address) + ": it was not made by " +
			  iterator_table::name_of(of) + "_new(), or has been destroyed");
	return nullptr;
}

bool taken_callback::take(argument_cursor& at) noexcept {
	const u64 pointer = at.take();
	context = at.take();
	m = &at.m;
	insn = static_cast<u32>(pointer & pointer_mask);
	if (kind_of(pointer) == pointer_kind::function && insn < m->prog->steps.size())
		return true;
	return at.refuse("its callback is " + describe_pointer(*m, pointer));
}

number_callback from_registers<number_callback>::get() noexcept {
	return {[](u64 index, void* self) {
				const taken_callback& to = *static_cast<taken_callback*>(self);
				return to.m->call_back(to.insn, index, to.context, 0) != 0 || to.m->faulted ? 1 : 0;
			},
			static_cast<taken_callback*>(this)};
}

element_callback from_registers<element_callback>::get() noexcept {
	return {[](void* map, void* key, void* value, void* self) {
				const taken_callback& to = *static_cast<taken_callback*>(self);
				const auto pointer = reinterpret_cast<std::uintptr_t>(map);
				const bpf_map& of = *to.m->prog->maps[pointer & pointer_mask].get();
				to.m->keep_at_hand(value, of);
				to.m->regs[4] = to.context;
				const u64 stop =
					to.m->call_back(to.insn, pointer, reinterpret_cast<std::uintptr_t>(key),
									reinterpret_cast<std::uintptr_t>(value), {key, of.attr.key_size});
				return to.m->faulted || stop != 0 ? 1 : 0;
			},
			static_cast<taken_callback*>(this)};
}

} // namespace sockops::vm
