// SPDX-License-Identifier: MIT
// BTF from tables: each type is added once, after those that it names.
#include "core_btf.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include <sockops/bpf/helper_table.hpp>
#include <sockops/bpf/uapi.hpp>
#include <sockops/map/map_flags.hpp>
#include <sockops/vm/core_types.hpp>

#include "../btf/btf_types.hpp"
#include "context_types.hpp"
#include "declarations.hpp"
#include "kfunc_types.hpp"
#include "plain_types.hpp"

namespace sockops::object {
namespace {

/// A struct of the table. One whose name ends with "_t" is, as in the kernel, a struct without a name that
/// has been given one by typedef.
void add_struct(btf_writer& to, std::span<const core_member> rows) {
	std::vector<btf_field> fields;
	for (const core_member& row : rows)
		fields.push_back({row.name, to.type(row.member_type), row.offset * 8});
	const std::string name = rows.front().type;
	if (name.ends_with("_t"))
		to.type_definition(name, to.overlapping("struct", std::move(fields)));
	else
		to.overlapping("struct " + name, std::move(fields));
}

void add_structs(btf_writer& to) {
	const std::span<const core_member> rows = core_members();
	for (std::size_t from = 0; from != rows.size();) {
		std::size_t end = from;
		while (end != rows.size() && std::string_view(rows[end].type) == rows[from].type)
			++end;
		add_struct(to, rows.subspan(from, end - from));
		from = end;
	}
}

using enumerators = std::vector<std::pair<std::string, s64>>;

/// Of the UAPI's, most have no name.
void add_enums(btf_writer& to) {
	enumerators states, bpf_states, ops, flags, helpers;
	for (u32 state = TCP_ESTABLISHED; state != TCP_MAX_STATES; ++state) {
		states.emplace_back(std::string("TCP_") + tcp_state_name(state), state);
		bpf_states.emplace_back("BPF_" + states.back().first, state);
	}
	for (const op_info& row : op_table)
		ops.emplace_back(std::string("BPF_SOCK_OPS_") + row.name, row.op);
	for (const cb_flag_info& row : cb_flag_table)
		flags.emplace_back(std::string("BPF_SOCK_OPS_") + row.name, row.flag);
	flags.emplace_back("BPF_SOCK_OPS_ALL_CB_FLAGS", BPF_SOCK_OPS_ALL_CB_FLAGS);
	for (const bpf_helper& row : bpf_helpers)
		if (row.id != 0)
			helpers.emplace_back("BPF_FUNC_" + std::string(row.name.substr(4)), row.id);
	for (const enumerators* each : {&states, &bpf_states, &ops, &flags})
		to.enumeration("", *each);
	to.enumeration("bpf_func_id", helpers);
}

btf_ptr make() {
	::btf* const made = libbpf::btf_new_empty();
	if (!made)
		return {};
	btf_ptr owned(made, libbpf::btf_free);
	btf_writer to(made);
	for (const char* const each : {"u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "bool"})
		to.type(each); // for headers, those too that nothing here is made of
	for (const char* const declarations : plain_type_declarations())
		add_declarations(to, declarations);
	add_context_types(to);
	add_structs(to);
	add_enums(to);
	add_kfuncs(to);
	return owned;
}

const btf_ptr& core_btf() {
	static const btf_ptr made = make();
	return made;
}

} // namespace

std::span<const std::byte> core_btf_data() {
	// The raw form is made at the first call and kept by the object: once, under the static's guard.
	static const std::span<const std::byte> data = [] {
		u32 size = 0;
		const void* const raw = core_btf() ? libbpf::btf_raw_data(core_btf().get(), &size) : nullptr;
		return raw ? std::span(static_cast<const std::byte*>(raw), size) : std::span<const std::byte>();
	}();
	return data;
}

std::string core_kfunc_name(s32 id) {
	const ::btf_type* const type =
		core_btf() && id > 0 ? type_at(*core_btf(), static_cast<u32>(id)) : nullptr;
	return type && ::btf_is_func(type) ? name_at(*core_btf(), type->name_off) : std::string();
}

} // namespace sockops::object
