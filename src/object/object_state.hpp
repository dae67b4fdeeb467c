// SPDX-License-Identifier: MIT
// What a bpf_object holds: libbpf's object until it is loaded, then programs, maps and types of ours alone.
#pragma once

#include <mutex>
#include <optional>

#include <sockops/object/ask_kernel.hpp>
#include <sockops/object/bpf_object.hpp>
#include <sockops/object/map_view.hpp>
#include <sockops/object/object_check.hpp>

#include "debug/debug_data.hpp"
#include "file/left_out.hpp"
#include "libbpf/bpf_session.hpp"
#include "libbpf/libbpf.hpp"
#include "libbpf/messages.hpp"

namespace sockops::object {

struct object_map {
	std::string name;    ///< in full
	std::string section; ///< of global variables: ".rodata"; "" of other maps
	u32 key_type, value_type;
	bpf_map_ptr map; ///< after load()
	::bpf_map* libbpf_map;
	u32 type;                           ///< bpf_map_type
	bool is_pinned = false;             ///< by its name, in object_options::pins
	std::shared_ptr<const void> user{}; ///< after load(); before it, if it was pinned already
};

struct object_prog {
	std::string name, section;
	bpf_prog_ptr prog; ///< after load()
	::bpf_program* libbpf_prog;
};

class program_code;

/// A global variable as the symbols have it, which is all there is of it without BTF.
struct symbol_variable {
	std::string name, section;
	u64 offset, size; ///< bytes
};

} // namespace sockops::object

namespace sockops {

struct bpf_object::state {
	std::string name;
	object_options options;
	object::file_programs programs;
	std::vector<std::byte> image;                   ///< libbpf reads it until load() is done
	std::shared_ptr<::bpf_object> libbpf_object;    ///< empty after load()
	btf_ptr types;                                  ///< nullptr: it was compiled without
	std::vector<object::symbol_variable> variables; ///< without types
	object::debug_data debug;                       ///< of programs that are to be watched
	std::vector<object_notice> notices;
	std::vector<object::object_map> maps;
	std::vector<object::object_prog> progs;
	std::shared_ptr<object::program_code> code; ///< nullptr: it is interpreted
	enum class stage { open, loaded, failed, checked } stage = stage::open;
	std::chrono::nanoseconds opening{}; ///< what open() took
	load_time took{};

	state() = default;
	state(const state&) = delete;
	state& operator=(const state&) = delete;

	/// Reads a file's bytes. Throws object_error.
	static std::unique_ptr<state> open(std::vector<std::byte> image, const std::string& name,
									   const object_options& options);
	/// That of a native program; `name` as of a file. Throws object_error.
	static std::unique_ptr<state> open_native(std::string_view native, const std::string& name,
											  const object_options& options);
	void load();
	/// As check_opened() has it; `unchecked`: as it is loaded with that option. Throws object_error.
	[[nodiscard]] std::vector<program_verdict> check(bool unchecked = false);
	/// As ask_kernel() has it. Throws object_error.
	[[nodiscard]] std::vector<kernel_answer> ask();
	/// Throws object_error in another stage; `what` was asked for.
	void require(enum stage wanted, const char* what) const;
	/// "no map 'x': ", or that it was left out.
	[[nodiscard]] std::string no_map_in_words(std::string_view map) const;

	/// Of a map that is one of variables.
	[[nodiscard]] std::vector<object::section_variable> variables_in(const object::object_map& section) const;
	[[nodiscard]] bool is_there(const object::object_map& section,
								const object::section_variable& variable) const;
	[[nodiscard]] typed_value value_of(const object::object_map& section,
									   const object::section_variable& variable) const;

  private:
	[[nodiscard]] std::span<std::byte> bytes_in(const object::object_map& section,
												const object::section_variable& variable) const;
	void prepare_image();
	void take_programs();
	void take_maps();
	void take_map(::bpf_map* libbpf_map);
	void note_unset_kconfig();
	void take_pinned(object::bpf_session& session);
	void pin();
	void keep_what_was_made(const object::handle_table& handles);
	void tell_padding() const;
	void constants_to_file();
	void kconfig_to_code(const object::object_map& section);
	void go_native();
	[[nodiscard]] std::string load_failure(const object::libbpf_messages& messages) const;
	[[nodiscard]] bpf_load_error refusal_in_full(const object::refused_program& refused) const;
	[[nodiscard]] std::string section_of_program(const std::string& program) const;
	void load_by_libbpf(object::bpf_session& session, const object::core_relocations& core);
	void let_libbpf_find_out() const;
	/// Maps that are pinned are taken over and pinned in one go.
	[[nodiscard]] std::unique_lock<std::recursive_mutex> lock_pins() const;
};

} // namespace sockops

namespace sockops::object {

/// Whoever holds it has a descriptor to the map: with the last one a PROG_ARRAY is emptied.
[[nodiscard]] std::shared_ptr<const void> user_of(bpf_map_ptr map);

} // namespace sockops::object
