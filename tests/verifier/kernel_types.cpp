// SPDX-License-Identifier: MIT
#include "kernel_types.hpp"

#include <cstring>

#include <bpf/btf.h>

namespace verdicts {

namespace {

/// Where a member is, bits; members of structs without a name are the outer one's.
std::optional<u32> find_member(const btf* types, const btf_type* of, const std::string& name) {
	for (u32 at = 0; at != btf_vlen(of); ++at) {
		const btf_member& each = btf_members(of)[at];
		const u32 bits = btf_member_bit_offset(of, at);
		if (name == btf__name_by_offset(types, each.name_off))
			return bits;
		const btf_type* const inner = btf__type_by_id(types, each.type);
		if (each.name_off != 0 || !btf_is_composite(inner))
			continue;
		if (const std::optional<u32> found = find_member(types, inner, name))
			return bits + *found;
	}
	return std::nullopt;
}

int added(int number, const char* what) {
	if (number < 0)
		fail(std::string("BTF: ") + what + ": " + std::strerror(-number));
	return number;
}

} // namespace

std::optional<u32> symbol_of_kernel(const std::string& symbol) {
	static const std::unique_ptr<btf, void (*)(btf*)> types(btf__load_vmlinux_btf(), btf__free);
	if (!types)
		return std::nullopt;
	const std::size_t dot = symbol.find('.');
	const std::string first = symbol.substr(0, dot), second = symbol.substr(dot + 1);
	const bool is_number = first == "id";
	const int type =
		btf__find_by_name_kind(types.get(), (is_number ? second : first).c_str(), BTF_KIND_STRUCT);
	if (type < 0)
		return std::nullopt;
	if (is_number)
		return static_cast<u32>(type);
	const std::optional<u32> bits =
		find_member(types.get(), btf__type_by_id(types.get(), static_cast<u32>(type)), second);
	return bits ? std::optional<u32>(*bits / 8) : std::nullopt;
}

made_types::made_types() : types_(btf__new_empty()) {
	if (!types_)
		fail("no memory for BTF");
}
made_types::~made_types() { btf__free(types_); }

int made_types::number(const char* name, int size, int encoding) {
	const int there = btf__find_by_name_kind(types_, name, BTF_KIND_INT);
	return there > 0 ? there
					 : added(btf__add_int(types_, name, static_cast<std::size_t>(size), encoding), name);
}

int made_types::bytes(const std::string& name, int size) {
	if (const int there = btf__find_by_name_kind(types_, name.c_str(), BTF_KIND_STRUCT); there > 0)
		return there;
	const int index = number("int", 4, BTF_INT_SIGNED), byte = number("unsigned char", 1, 0);
	const int array = added(btf__add_array(types_, index, byte, static_cast<u32>(size)), "an array");
	const int made = added(btf__add_struct(types_, name.c_str(), static_cast<u32>(size)), name.c_str());
	added(btf__add_field(types_, "bytes", array, 0, 0), "bytes");
	return made;
}

int made_types::pointer_to(int type) { return added(btf__add_ptr(types_, type), "a pointer"); }

int made_types::word(const std::string& word) {
	struct number_word {
		const char *word, *name;
		int size, encoding;
	};
	constexpr number_word numbers[] = {
		{"int", "int", 4, BTF_INT_SIGNED}, {"u32", "unsigned int", 4, 0}, {"long", "long", 8, BTF_INT_SIGNED},
		{"u64", "unsigned long", 8, 0},    {"u8", "unsigned char", 1, 0}, {"bool", "_Bool", 1, BTF_INT_BOOL}};
	for (const number_word& each : numbers)
		if (word == each.word)
			return number(each.name, each.size, each.encoding);
	if (word == "void")
		return 0;
	if (word == "void*")
		return pointer_to(0);
	if (word == "char*")
		return pointer_to(number("char", 1, BTF_INT_CHAR | BTF_INT_SIGNED));
	if (word == "ctx")
		return pointer_to(bytes("bpf_sock_ops", 4));
	if (word.starts_with("mem"))
		return pointer_to(bytes("of_" + word, static_cast<int>(number_of(word.substr(3)))));
	fail("no type '" + word + "'");
}

int made_types::function(const case_function& of) {
	std::vector<int> arguments;
	for (const std::string& each : of.arguments)
		arguments.push_back(word(parts_of(each, ':')[0]));
	const int shape = added(btf__add_func_proto(types_, word(of.result)), "a prototype");
	for (std::size_t at = 0; at != arguments.size(); ++at)
		added(btf__add_func_param(types_, ("a" + std::to_string(at)).c_str(), arguments[at]), "an argument");
	const int made =
		added(btf__add_func(types_, of.name.c_str(), of.is_global ? BTF_FUNC_GLOBAL : BTF_FUNC_STATIC, shape),
			  of.name.c_str());
	for (std::size_t at = 0; at != arguments.size(); ++at)
		if (const std::vector<std::string> parts = parts_of(of.arguments[at], ':'); parts.size() > 1)
			added(btf__add_decl_tag(types_, ("arg:" + parts[1]).c_str(), made, static_cast<int>(at)),
				  "a tag");
	return made;
}

int made_types::marked(const char* name, int size) {
	const bool is_lock = size == 4;
	const int word = is_lock ? number("unsigned int", 4, 0) : number("unsigned long long", 8, 0);
	const int made = added(btf__add_struct(types_, name, static_cast<u32>(size)), name);
	added(btf__add_field(types_, "first", word, 0, 0), name);
	if (!is_lock)
		added(btf__add_field(types_, "second", word, 64, 0), name);
	return made;
}

int made_types::value(const case_map& of) {
	const int lock = of.lock >= 0 ? marked("bpf_spin_lock", 4) : 0;
	const int timer = of.timer >= 0 ? marked("bpf_timer", 16) : 0;
	const int byte = number("unsigned char", 1, 0);
	const int made = added(btf__add_struct(types_, "value", of.value_size), "a value");
	if (lock)
		added(btf__add_field(types_, "lock", lock, static_cast<u32>(of.lock) * 8, 0), "a lock");
	if (timer)
		added(btf__add_field(types_, "timer", timer, static_cast<u32>(of.timer) * 8, 0), "a timer");
	added(btf__add_field(types_, "last", byte, (of.value_size - 1) * 8, 0), "a byte");
	return made;
}

owned_fd made_types::load() const {
	const int result = btf__load_into_kernel(types_);
	if (result < 0)
		fail(std::string("the kernel refuses BTF: ") + std::strerror(-result));
	owned_fd taken(btf__fd(types_));
	btf__set_fd(types_, -1);
	return taken;
}

} // namespace verdicts
