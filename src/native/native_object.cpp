// SPDX-License-Identifier: MIT
// Natively compiled programs, with the face of bpf_object.
#include <sockops/native/native_object.hpp>

#include <cerrno>
#include <span>
#include <utility>

#include "../object/btf/btf_types.hpp"
#include "../object/object_failure.hpp"
#include "loaded.hpp"
#include "native_prog.hpp"
#include "registry.hpp"

namespace sockops {

namespace {

struct close_object {
	void operator()(::bpf_object* object) const noexcept { libbpf::object_close(object); }
};

/// The types of an object file.
btf_ptr types_of(const sockops_native_table& table) {
	const auto size = static_cast<std::size_t>(table.object_end - table.object);
	const std::unique_ptr<::bpf_object, close_object> object(
		libbpf::object_open_mem(table.object, size, nullptr));
	const ::btf* const types = object ? libbpf::object_btf(object.get()) : nullptr;
	return types ? copy_of(*types) : nullptr;
}

/// The type of a variable; 0 if it is not known, or not as large as the code's.
u32 type_of(const btf_ptr& types, const sockops_native_symbol& variable) {
	const u32 found = types ? find_type(*types, variable.name, BTF_KIND_VAR) : 0;
	const u32 type = found ? type_at(*types, found)->type : 0;
	return type && size_of_type(*types, type) == variable.size ? type : 0;
}

} // namespace

struct native_object::state {
	state(const sockops_native_table& table, const object_options& with)
		: name(table.name), code(std::make_shared<native::loaded>(table, with)), types(types_of(table)) {}

	const sockops_native_table& table() const noexcept { return code->claim.table; }
	std::span<const sockops_native_symbol> symbols() const noexcept {
		return {table().symbols, table().symbol_count};
	}
	void make_programs();
	bool has_tail_calls() const;

	const std::string name;
	std::shared_ptr<native::loaded> code; ///< the programs hold it too: their code uses its maps
	btf_ptr types;
	std::vector<bpf_prog_ptr> programs;
};

bool native_object::state::has_tail_calls() const {
	for (const std::string& each : code->object.map_names())
		if (code->object.map(each).map().attr.map_type == BPF_MAP_TYPE_PROG_ARRAY)
			return true;
	return false;
}

void native_object::state::make_programs() {
	const bool tail_calls = has_tail_calls();
	for (const std::string& each : code->object.prog_names()) {
		const sockops_native_symbol* const symbol = native::find_symbol(table(), each);
		if (symbol && symbol->kind == sockops_native_prog)
			programs.push_back(bpf_prog_ptr::adopt(new native::native_prog(
				each, reinterpret_cast<native::c_function>(symbol->address), tail_calls, code)));
	}
}

native_object::native_object(std::shared_ptr<state> from) noexcept : state_(std::move(from)) {}
native_object::native_object(native_object&&) noexcept = default;
native_object& native_object::operator=(native_object&&) noexcept = default;
native_object::~native_object() = default;

native_object native_object::open(std::string_view name, const object_options& with) {
	if (const sockops_native_table* const table = native::find_table(name))
		return native_object(std::make_shared<state>(*table, with));
	std::string message = "no native program '" + std::string(name) + "' is linked; there are";
	for (const std::string& each : names())
		message.append(" ").append(each);
	fail_object(ENOENT, message + ": sockops_native_program() makes one, target_link_libraries() links it");
}

native_object native_object::load(std::string_view name, const object_options& with) {
	native_object opened = open(name, with);
	opened.load();
	return opened;
}

std::vector<std::string> native_object::names() {
	std::vector<std::string> all;
	for (const sockops_native_table* each = native::first_table(); each; each = each->next)
		all.emplace_back(each->name);
	return all;
}

void native_object::load() {
	state_->code->load();
	state_->make_programs();
}

const std::string& native_object::name() const noexcept { return state_->name; }
const std::vector<object_notice>& native_object::notices() const noexcept {
	return state_->code->object.notices();
}

typed_value native_object::global(std::string_view name) {
	const sockops_native_symbol* const symbol = native::find_symbol(state_->table(), name);
	if (!symbol || symbol->kind == sockops_native_map || symbol->kind == sockops_native_prog)
		fail_object(ENOENT, state_->name + ": has no global variable '" + std::string(name) + "'");
	const std::span bytes(static_cast<std::byte*>(symbol->address), symbol->size);
	const bool writable = symbol->kind == sockops_native_variable ||
						  (symbol->kind == sockops_native_constant && !state_->code->is_loaded);
	return {state_->types, type_of(state_->types, *symbol), bytes, writable, state_->code};
}

bpf_prog_ptr native_object::prog(std::string_view name) const {
	std::string there;
	for (const bpf_prog_ptr& each : state_->programs) {
		if (name == each->name || (name.empty() && state_->programs.size() == 1))
			return each;
		there.append(" ").append(each->name);
	}
	std::string message = state_->name;
	if (name.empty())
		message += ": which program is not said";
	else
		message.append(": has no program '").append(name).append("'");
	message += there.empty() ? "; there is none before load()" : "; there are" + there;
	fail_object(ENOENT, message);
}

std::vector<std::string> native_object::prog_names() const {
	std::vector<std::string> all;
	for (const bpf_prog_ptr& each : state_->programs)
		all.emplace_back(each->name);
	return all;
}

map_view native_object::map(std::string_view name) const { return state_->code->object.map(name); }
std::vector<std::string> native_object::map_names() const { return state_->code->object.map_names(); }

} // namespace sockops
