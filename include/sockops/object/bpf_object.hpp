// SPDX-License-Identifier: MIT
// struct bpf_object: an ELF file of SOCK_OPS programs, as clang -target bpf writes it and a kernel takes it,
// read by libbpf and loaded here. The machine's kernel is not asked (ask_kernel.hpp does that), and root is
// not needed.
//
//     bpf_object object = bpf_object::open_file("tune.bpf.o");
//     object.global("target_port").set(u16{8080});            // .rodata: before load() alone
//     object.load();
//     bpf_link link(root.make("/web"), object.prog());
//     object.map("conns")[key]["packets"].as<u64>()           // map_view.hpp: by BTF
//
// ELF, BTF, relocations, CO-RE and static linking are libbpf's; maps and programs are ours. CO-RE goes
// against the types of this library (vm/core_types.hpp), never against the machine's.
//
// What runs are the file's instructions, interpreted; or the same source, compiled for this machine
// (native/native_object.hpp) and linked into the process, for a debugger, sanitizers and coverage. One word
// chooses, and all that is said here of programs, maps and variables is true of both:
//
//     bpf_object object = bpf_object::open_file("tune.bpf.o", {.form = program_form::native});
//
// Context: one thread at a time for an object, outside of programs; reads files and takes memory. Not from
// a signal handler. Programs of it run wherever they are attached meanwhile.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/kern/containers.hpp>
#include <sockops/map/bpf_map.hpp>
#include <sockops/object/object_notice.hpp>
#include <sockops/object/object_options.hpp>
#include <sockops/object/typed_value.hpp>
#include <sockops/vm/prog_load.hpp>

namespace sockops {

/// Why an object could not be read or loaded: file, section, program, instruction and source line, as far as
/// there are any.
struct object_error : std::runtime_error {
	using std::runtime_error::runtime_error;
	int error = 0; ///< errno, positive
	/// Where in the C source, the file as its compiler was given it; "" and 0 where that is not known.
	std::string source_file;
	u32 source_line = 0;
	/// Of a program that is refused: the rule's name, and the branches and calls that lead there, as
	/// bpf_load_error has them. The message says them too, and the remedy, on lines below the first.
	std::string rule;
	std::vector<bpf_way_step> way;
	/// What bpf_object::notices() would have told, had opening or loading not failed: it is often the cause.
	/// Empty where the error has nothing to do with either.
	std::vector<object_notice> notices;
};

/// Of an object that has no sock_ops program, so that there is nothing to load: ENOENT.
struct no_program_error : object_error {
	using object_error::object_error;
};

class map_view;
struct program_verdict; // object_check.hpp
struct kernel_answer;
namespace object {
class object_contents;
}

/// What reading a file and load() took.
struct load_time {
	std::chrono::nanoseconds whole; ///< all of it
	std::chrono::nanoseconds
		handler; ///< of that, inside what answers bpf(2); the rest is libbpf's, and looking at the file first
};

/// While it lives, its maps have a user: at its end PROG_ARRAYs that are not pinned are emptied, as a kernel
/// does when the last descriptor is closed, also under programs that are still attached.
class bpf_object {
  public:
	/// The object of a file, or of bytes with a name for messages. Throws object_error. With
	/// program_form::native a file is not read: it is open_native() of its name up to the first '.'.
	[[nodiscard]] static bpf_object open_file(const std::string& path, const object_options& with = {});
	[[nodiscard]] static bpf_object open_memory(std::span<const std::byte> elf, const std::string& name,
												const object_options& with = {});
	/// The object that several files make when they are linked, as by `bpftool gen object`. Throws
	/// object_error.
	[[nodiscard]] static bpf_object open_linked(const std::vector<std::string>& paths,
												const object_options& with = {});

	/// The native program of a name, which is that given to sockops_native_program(). Throws object_error:
	/// none of that name is linked (ENOENT), or it is loaded already (EBUSY), as its variables exist once.
	[[nodiscard]] static bpf_object open_native(std::string_view name, const object_options& with = {});

	bpf_object(bpf_object&&) noexcept;
	bpf_object& operator=(bpf_object&&) noexcept;
	~bpf_object();

	/// Makes the maps, checks the programs. Once; throws object_error.
	void load();
	/// open_file() and load().
	[[nodiscard]] static bpf_object load_file(const std::string& path, const object_options& with = {});

	/// What messages call it: the file without its folder, several with " + " between; open_memory()'s name.
	[[nodiscard]] const std::string& name() const noexcept;
	/// Is it code of this machine that runs?
	[[nodiscard]] bool is_native() const noexcept;
	/// object_options::kernel.
	[[nodiscard]] kernel_release kernel() const noexcept;
	/// What of the file is left out or taken otherwise than by a loader (libbpf, where nothing else is said),
	/// which then is told too: programs of other types, struct_ops, sections that nobody knows, maps of types
	/// that this library has not, declarations that only other loaders take, maps that are pinned and not
	/// shared. Until load(), what opening has found.
	[[nodiscard]] const std::vector<object_notice>& notices() const noexcept;

	/// A variable of .rodata, .data or .bss, by name. Before load(): what it will begin with; after it: the
	/// variable itself, which programs read and write, and of .rodata can only be read; then those with
	/// __kconfig can be read, too. What was got before load() is not connected with it. Of an object that was
	/// compiled without -g: bytes, by the symbol of the name. Natively it is the program's own memory at any
	/// time. Throws object_error if there is none.
	[[nodiscard]] typed_value global(std::string_view name);

	/// Names of the variables of .rodata, .data and .bss, in the order of the file.
	[[nodiscard]] std::vector<std::string> global_names() const;

	// After load():

	/// How long reading the file and load() took.
	[[nodiscard]] const load_time& took() const noexcept;

	/// The program of a name; without a name, the only one. Throws object_error if there is none, or there
	/// are several and none was named. The reference stays good when the object is gone.
	[[nodiscard]] bpf_prog_ptr prog(std::string_view name = {}) const;
	/// Names of the SOCK_OPS programs, in the order of the file.
	[[nodiscard]] std::vector<std::string> prog_names() const;

	/// A map by its name, with its types. Throws object_error if there is none.
	[[nodiscard]] map_view map(std::string_view name) const;
	/// Names of the maps that were made, without those of global variables.
	[[nodiscard]] std::vector<std::string> map_names() const;

  private:
	friend class object::object_contents;
	friend std::vector<program_verdict> check_opened(bpf_object& object);
	friend std::vector<kernel_answer> ask_kernel(bpf_object& object);
	struct state;
	explicit bpf_object(std::unique_ptr<state> from) noexcept;
	std::unique_ptr<state> state_;
};

} // namespace sockops
