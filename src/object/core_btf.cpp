// SPDX-License-Identifier: MIT
// BTF from tables: each type is added once, after those that it names.
#include "core_btf.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include <sockops/bpf/helper_table.hpp>
#include <sockops/bpf/map_flags.hpp>
#include <sockops/bpf/uapi.hpp>
#include <sockops/vm/core_types.hpp>

#include "btf_types.hpp"

namespace sockops {
namespace {

struct scalar {
	const char* name;
	int size, encoding;
};
constexpr scalar scalars[] = {{"u8", 1, 0},
							  {"u16", 2, 0},
							  {"u32", 4, 0},
							  {"u64", 8, 0},
							  {"s32", 4, BTF_INT_SIGNED},
							  {"s64", 8, BTF_INT_SIGNED},
							  {"bool", 1, BTF_INT_BOOL}};

class writer {
  public:
	explicit writer(::btf* into) : btf_(into) {}

	/// The id of a type by the name that the table has for it.
	int type(std::string_view text) {
		const auto known = ids_.find(text);
		if (known != ids_.end())
			return known->second;
		return ids_[std::string(text)] = add(text);
	}
	/// All members of the struct or union; `rows` are its own. Of a union, and only of one, several are all
	/// at 0.
	void composite(std::span<const core_member> rows) {
		std::vector<int> types;
		for (const core_member& row : rows)
			types.push_back(type(row.member_type));
		const core_member& first = rows.front();
		const bool is_union =
			std::ranges::all_of(rows, [](auto& row) { return row.offset == 0; }) && rows.size() > 1;
		const std::string spelled = std::string(is_union ? "union " : "struct ") + first.type;
		u32 size = 0;
		for (const core_member& row : rows)
			size = std::max(size, row.offset + row.size);
		const auto add_type = is_union ? libbpf::btf_add_union : libbpf::btf_add_struct;
		ids_[spelled] = add_type(btf_, first.type, size);
		for (std::size_t i = 0; i != rows.size(); ++i)
			libbpf::btf_add_field(btf_, rows[i].name, types[i], rows[i].offset * 8, 0);
	}
	void enumeration(const char* name) { libbpf::btf_add_enum(btf_, name, 4); }
	void enumerator(const std::string& name, u32 value) {
		libbpf::btf_add_enum_value(btf_, name.c_str(), value);
	}
	/// A kfunc: the type of its result, and its parameters, type and name.
	void function(const char* name, std::string_view result,
				  std::initializer_list<std::pair<const char*, const char*>> parameters) {
		std::vector<int> types;
		for (const auto& each : parameters)
			types.push_back(type(each.first));
		const int proto = libbpf::btf_add_func_proto(btf_, type(result));
		std::size_t at = 0;
		for (const auto& each : parameters)
			libbpf::btf_add_func_param(btf_, each.second, types[at++]);
		libbpf::btf_add_func(btf_, name, BTF_FUNC_STATIC, proto);
	}

  private:
	int add(std::string_view text) {
		if (text.ends_with('*')) {
			const std::size_t name_end = text.find_last_not_of(" *");
			return libbpf::btf_add_ptr(btf_, pointed_to(text.substr(0, name_end + 1)));
		}
		if (text.ends_with(']')) {
			const std::size_t bracket = text.find('[');
			const int element = type(text.substr(0, bracket));
			const int count = std::stoi(std::string(text.substr(bracket + 1)));
			return libbpf::btf_add_array(btf_, type("u32"), element, count);
		}
		for (const scalar& each : scalars)
			if (text == each.name)
				return libbpf::btf_add_int(btf_, each.name, each.size, each.encoding);
		return 0;
	}
	/// A struct behind a pointer is but declared: it may nest the one that has the pointer.
	int pointed_to(std::string_view text) {
		if (text == "void")
			return 0;
		if (!text.starts_with("struct "))
			return type(text);
		const auto known = ids_.find(text);
		if (known != ids_.end())
			return known->second;
		const std::string name(text.substr(7));
		return libbpf::btf_add_fwd(btf_, name.c_str(), BTF_FWD_STRUCT);
	}

	::btf* btf_;
	std::map<std::string, int, std::less<>> ids_{{"void", 0}};
};

void add_structs(writer& to) {
	const std::span<const core_member> rows = core_members();
	for (std::size_t from = 0; from != rows.size();) {
		std::size_t end = from;
		while (end != rows.size() && std::string_view(rows[end].type) == rows[from].type)
			++end;
		to.composite(rows.subspan(from, end - from));
		from = end;
	}
}

void add_enums(writer& to) {
	to.enumeration("tcp_state");
	for (u32 state = TCP_ESTABLISHED; state != TCP_MAX_STATES; ++state)
		to.enumerator(std::string("TCP_") + tcp_state_name(state), state);
	to.enumeration("bpf_sock_ops_op");
	for (const op_info& row : op_table)
		to.enumerator(std::string("BPF_SOCK_OPS_") + row.name, row.op);
	to.enumeration("bpf_sock_ops_cb_flag");
	for (const cb_flag_info& row : cb_flag_table)
		to.enumerator(std::string("BPF_SOCK_OPS_") + row.name, row.flag);
	to.enumerator("BPF_SOCK_OPS_ALL_CB_FLAGS", BPF_SOCK_OPS_ALL_CB_FLAGS);
	to.enumeration("bpf_func_id");
	for (const bpf_helper& row : bpf_helpers)
		if (row.id != 0)
			to.enumerator("BPF_FUNC_" + std::string(row.name.substr(4)), row.id);
}

void add_kfuncs(writer& to) {
	to.function("bpf_sock_ops_enable_tx_tstamp", "s32",
				{{"struct bpf_sock_ops_kern *", "skops"}, {"u64", "flags"}});
	to.function("bpf_cast_to_kern_ctx", "void *", {{"void *", "obj"}});
}

btf_ptr make() {
	::btf* const made = libbpf::btf_new_empty();
	if (!made)
		return {};
	btf_ptr owned(made, libbpf::btf_free);
	writer to(made);
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

} // namespace sockops
