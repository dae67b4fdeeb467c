// SPDX-License-Identifier: MIT
// Objects that run by code of this machine: maps and types are the object file's, programs and variables
// those of the process.
#include <algorithm>
#include <cerrno>
#include <utility>

#include <sockops/bpf/run_policy.hpp>
#include <sockops/map/prog_array.hpp>

#include "object_failure.hpp"
#include "object_state.hpp"
#include "program_code.hpp"

namespace sockops {

using namespace object;

namespace {

constinit const program_codes* linked = nullptr;

[[noreturn]] void fail_not_linked(std::string_view name) {
	std::string message = "no native program '" + std::string(name) + "' is linked; there ";
	std::vector<std::string> names = linked ? linked->names() : std::vector<std::string>();
	std::ranges::sort(names); // they come in the order of linking
	message += names.empty() ? "is none" : "are";
	for (const char* before = " "; const std::string& each : names)
		message.append(std::exchange(before, ", ")).append(each);
	fail_object(ENOENT, message + ": sockops_native_program() makes one, target_link_libraries() links it");
}

/// The program that stands for another one, in all places of the array.
void replace(prog_array_map& array, const bpf_prog* interpreted, const bpf_prog_ptr& native) {
	const auto is_at = [&](u32 index) {
		const migrate_section section;
		return array.prog_at(index) == interpreted;
	};
	for (u32 index = 0; index != array.attr.max_entries; ++index)
		if (is_at(index))
			array.set(index, native);
}

} // namespace

void object::set_program_codes(const program_codes& all) noexcept { linked = &all; }
const program_codes* object::linked_program_codes() noexcept { return linked; }

std::unique_ptr<bpf_object::state>
bpf_object::state::open_native(std::string_view native, const std::string& name, const object_options& with) {
	const std::span elf = linked ? linked->object_of(native) : std::span<const std::byte>();
	if (elf.empty())
		fail_not_linked(native);
	std::shared_ptr<program_code> code = linked->take(native);
	auto opened = open({elf.begin(), elf.end()}, name, with);
	opened->code = std::move(code);
	return opened;
}

bpf_object bpf_object::open_native(std::string_view name, const object_options& with) {
	return bpf_object(state::open_native(name, std::string(name), with));
}

bool bpf_object::is_native() const noexcept { return state_->code != nullptr; }

/// What load() looks at is the file's code, which shall find the constants that this code has.
void bpf_object::state::constants_to_file() {
	for (const object_map& section : maps)
		if (section.section.starts_with(".rodata"))
			for (const section_variable& each : variables_in(section)) {
				const std::span<std::byte> own = code->variable(each.name);
				if (own.size() == each.size)
					std::ranges::copy(own, bytes_in(section, each).begin());
			}
}

/// The values that libbpf has found for variables with __kconfig.
void bpf_object::state::kconfig_to_code(const object_map& section) {
	for (const section_variable& each : variables_in(section)) {
		const std::span<std::byte> own = code->variable(each.name);
		if (own.size() == each.size)
			std::ranges::copy(bytes_in(section, each), own.begin());
	}
}

void bpf_object::state::go_native() {
	std::vector<prog_array_map*> arrays;
	for (const object_map& each : maps) {
		if (each.section == ".kconfig")
			kconfig_to_code(each);
		if (!each.map || !each.section.empty())
			continue;
		code->use_map(each.name, each.map);
		if (each.map.get()->holds() == map_holds::programs)
			arrays.push_back(static_cast<prog_array_map*>(each.map.get()));
	}
	for (object_prog& each : progs) {
		bpf_prog_ptr native = code->make_program(each.name, !arrays.empty(), code);
		if (!native)
			fail_object(EINVAL,
						name + ": program '" + each.name +
							"' is in the object file and not in the code of this machine: build both anew");
		for (prog_array_map* const array : arrays)
			replace(*array, each.prog.get(), native);
		each.prog = std::move(native);
	}
}

} // namespace sockops
