// SPDX-License-Identifier: MIT
#include <algorithm>
#include <random>
#include <set>

#include <object/core/core_btf.hpp>
#include <object/core/core_records.hpp>
#include <sockops/vm/core_types.hpp>

#include "../../seed.hpp"
#include "accesses.hpp"

namespace core_diff {

namespace {

using namespace sockops;
using namespace sockops::object;

constexpr unsigned local_enums = 60;
const unsigned more_structs = all_of_it() ? 140 : 110;
constexpr const char* field_kinds[] = {"offset", "size", "exists", "signed", "lshift", "rshift"};

bool is_modelled(const std::string& type) {
	return std::ranges::any_of(core_members(), [&](const core_member& each) { return type == each.type; });
}

std::string bracketed(u32 number) { return std::string("[").append(std::to_string(number)).append("]"); }

/// A way from a struct to a number or a pointer within it.
struct member_path {
	std::string access;      ///< "inet_conn.icsk_rto", "args[2]"
	std::string declaration; ///< of the first member, with those below it
	bool is_array = false, is_pointer = false;
	u32 size = 0; ///< of what it leads to, bytes
};

class generator {
  public:
	explicit generator(std::uint64_t seed) : random_(seed) {
		const auto data = core_btf_data();
		types_ = parse_btf(data.data(), static_cast<u32>(data.size()));
		for (u32 id = 1; id < libbpf::btf_type_cnt(types_.get()); ++id) {
			const ::btf_type* const type = type_at(*types_, id);
			const std::string name = name_at(*types_, type->name_off);
			if (!name.empty() && ::btf_is_struct(type) && ::btf_vlen(type) != 0)
				structs_.push_back(id);
			if (!name.empty() && ::btf_is_enum(type))
				enums_.push_back(id);
		}
	}

	generated make() {
		made_.source = "#define core __attribute__((preserve_access_index))\n"
					   "const volatile int come_here;\n"
					   "unsigned long long out;\n";
		for (const u32 id : structs_) // each member once as it is
			for (const found_member& each : leaves_of(id))
				add_fields(id, each, false, false);
		for (unsigned i = 0; i != more_structs; ++i)
			add_type(structs_[i < structs_.size() ? i : below(structs_.size())]);
		for (unsigned i = 0; i != local_enums; ++i)
			add_enum(enums_[i < enums_.size() ? i : below(enums_.size())]);
		made_.source += "char LICENSE[] __attribute__((section(\"license\"), used)) = \"GPL\";\n";
		return std::move(made_);
	}

  private:
	std::uint32_t below(std::size_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
	bool one_in(std::size_t n) { return below(n) == 0; }
	std::string name_of(u32 id) const { return name_at(*types_, type_at(*types_, id)->name_off); }
	std::string filler() {
		return one_in(2) ? "" : "char filler_" + std::to_string(++fillers_) + bracketed(1 + below(9)) + "; ";
	}

	/// The members of a struct in C, with those of unnamed ones within it.
	std::vector<found_member> leaves_of(u32 id) const { return members_of(*types_, id); }

	/// `declared` and `access` get what follows from a member of that type.
	void declare(u32 id, const std::string& name, bool absent, std::string& declaration,
				 std::string& access) {
		const u32 bare = without_modifiers(*types_, id);
		const ::btf_type* const type = type_at(*types_, bare);
		if (::btf_is_array(type)) {
			const u32 count = std::max<u32>(1, ::btf_array(type)->nelems);
			const u32 element = without_modifiers(*types_, ::btf_array(type)->type);
			std::string below_it;
			declare(element, name + bracketed(count), absent, declaration, below_it);
			ends_in_array_ = !::btf_is_composite(type_at(*types_, element));
			// The compiler takes no element of an array for a field, only what is in one.
			access = name;
			if (!ends_in_array_)
				access += bracketed(below(count)) + below_it.substr(below_it.find(']') + 1);
			return;
		}
		if (::btf_is_composite(type) && !leaves_of(bare).empty()) {
			const std::vector<found_member> members = leaves_of(bare);
			const found_member& next = members[below(members.size())];
			std::string inner, rest;
			declare(next.type, absent ? "no_such_" + next.name : next.name, absent, inner, rest);
			declaration = "struct { " + filler() + inner + " } " + name + ";";
			access = name + "." + rest;
			return;
		}
		declaration = std::string(::btf_is_ptr(type) ? "void *" : "unsigned int ") + name + ";";
		access = name;
		last_size_ = size_of_type(*types_, bare);
	}

	member_path path_from(const found_member& first, bool absent) {
		member_path made;
		ends_in_array_ = false;
		const bool absent_here = absent && one_in(2);
		declare(first.type, absent_here ? "no_such_" + first.name : first.name, absent && !absent_here,
				made.declaration, made.access);
		made.declaration = filler() + made.declaration;
		made.size = last_size_;
		made.is_array = ends_in_array_;
		made.is_pointer = made.declaration.find("void *") != std::string::npos;
		return made;
	}

	void add_access(const std::string& expression, std::string what, const std::string& type, unsigned kind,
					agreement must, bool absent) {
		char name[16];
		std::snprintf(name, sizeof name, "a%04zu", made_.accesses.size());
		made_.source +=
			std::string("__attribute__((section(\"sockops\"), used)) int ") + name +
			"(void *ctx)\n{\n\tif (come_here) {\n\t\t__asm__ volatile(\"\" ::: \"memory\");\n\t\tout = " +
			expression + ";\n\t}\n\treturn 1;\n}\n";
		made_.accesses.push_back({name, std::move(what), type, kind, must, absent});
	}

	/// All questions about a way to a member; the name of the local struct.
	std::string add_fields(u32 id, const found_member& first, bool absent, bool absent_type) {
		const std::string type = name_of(id);
		const std::string flavour = type + "___v" + std::to_string(++flavours_);
		const bool own = is_modelled(type);
		const std::string local = "struct " + (absent_type ? "no_such_" + flavour : flavour);
		const member_path path = path_from(first, absent);
		made_.source += local + " { " + path.declaration + " } core;\n";
		const std::string at = "((" + local + " *)0)->" + path.access;
		for (unsigned kind = 0; kind != std::size(field_kinds); ++kind) {
			if ((path.is_array && kind > 2) || (path.is_pointer && kind == 3))
				continue; // which clang refuses
			// Of our own types offsets are ours, and where the library has a byte the kernel may have bits.
			const bool is_layout = kind == 0 || kind > 3 || (kind == 1 && path.size == 1);
			add_access("__builtin_preserve_field_info(" + at + ", " + std::to_string(kind) + ")",
					   std::string(field_kinds[kind]) + " of " + local + "." + path.access, type, kind,
					   own && is_layout ? agreement::presence : agreement::value, absent || absent_type);
		}
		return local;
	}

	void add_type(u32 id) {
		const bool absent = !one_in(4), absent_type = one_in(4);
		const std::vector<found_member> members = leaves_of(id);
		const std::string local = add_fields(id, members[below(members.size())], absent, absent_type);
		const std::string type = name_of(id), object = "*(__typeof__(" + local + ") *)0";
		const agreement of_size = is_modelled(type) ? agreement::presence : agreement::value;
		add_access("__builtin_btf_type_id(" + object + ", 0)", "local id of " + local, type, 6,
				   agreement::presence, absent_type);
		add_access("__builtin_btf_type_id(" + object + ", 1)", "kernel's id of " + local, type, 7,
				   agreement::presence, absent_type);
		add_access("__builtin_preserve_type_info(" + object + ", 0)", "existence of " + local, type, 8,
				   agreement::value, absent_type);
		add_access("__builtin_preserve_type_info(" + object + ", 1)", "size of " + local, type, 9, of_size,
				   absent_type);
	}

	void add_enum(u32 id) {
		const ::btf_type* const type = type_at(*types_, id);
		const std::string suffix = "___v" + std::to_string(++flavours_);
		const bool absent = one_in(4);
		const auto& chosen = ::btf_enum(type)[below(::btf_vlen(type))];
		const std::string value =
			std::string(absent ? "NO_SUCH_" : "") + name_at(*types_, chosen.name_off) + suffix;
		const std::string local = "enum " + name_of(id) + suffix;
		made_.source += local + " { " + value + " = " + std::to_string(below(1000)) + " };\n";
		for (const unsigned kind : {10u, 11u})
			add_access("__builtin_preserve_enum_value(*(" + local + " *)" + value + ", " +
						   std::to_string(kind == 10 ? 0 : 1) + ")",
					   std::string(kind == 10 ? "existence" : "value") + " of " + local + "::" + value,
					   name_of(id), kind, agreement::value, absent);
	}

	std::mt19937_64 random_;
	sockops::btf_ptr types_;
	std::vector<u32> structs_, enums_;
	generated made_;
	unsigned flavours_ = 0, fillers_ = 0;
	bool ends_in_array_ = false;
	u32 last_size_ = 0;
};

} // namespace

generated generate(std::uint64_t seed) { return generator(seed).make(); }

} // namespace core_diff
