// SPDX-License-Identifier: MIT
// BPF programs in C that were compiled for this machine (cmake/native_program.cmake), with the face of
// bpf_object: a debugger steps through them, sanitizers and coverage see them, and a test can be run against
// either.
//
//     native_object object = native_object::open("tune");     // by the name given to
//     sockops_native_program() object.global("target_port").set(u16{8080}); object.load(); bpf_link
//     link(root["/web"], object.prog());
//
// Maps and types are those of the object file that is compiled from the same source; the code is the
// process's own.
//
//   once        a program's variables exist once in a process, so it can be loaded once at a time: open()
//   fails
//               while something of an earlier load is still there (the object, or a program that is attached)
//   variables   begin anew with each open(), but for static ones inside functions, which go on
//   tail calls  end the program that makes them, also from a function that is not inlined (in a kernel such a
//               function's caller goes on)
//   licence     is not looked at, and nothing is checked at run time: that is what sanitizers are for
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/object/bpf_object.hpp>
#include <sockops/object/map_view.hpp>

namespace sockops {

class native_object {
  public:
	/// Throws object_error: no program of that name is linked, or it is loaded already. `with`: as for the
	/// object file of the same source.
	[[nodiscard]] static native_object open(std::string_view name, const object_options& with = {});
	/// open() and load().
	[[nodiscard]] static native_object load(std::string_view name, const object_options& with = {});
	/// The names of all programs that are linked.
	[[nodiscard]] static std::vector<std::string> names();

	native_object(native_object&&) noexcept;
	native_object& operator=(native_object&&) noexcept;
	~native_object();

	/// Makes the maps. Once; throws object_error.
	void load();

	[[nodiscard]] const std::string& name() const noexcept;
	/// As of the object file of the same source.
	[[nodiscard]] const std::vector<object_notice>& notices() const noexcept;
	/// A variable of .rodata, .data or .bss, by name: the program's own memory. Those of .rodata can be
	/// written before load() alone, and those with __kconfig be read after it. Throws object_error if there
	/// is none.
	[[nodiscard]] typed_value global(std::string_view name);

	// After load(), as of bpf_object:

	[[nodiscard]] bpf_prog_ptr prog(std::string_view name = {}) const;
	[[nodiscard]] std::vector<std::string> prog_names() const;
	[[nodiscard]] map_view map(std::string_view name) const;
	[[nodiscard]] std::vector<std::string> map_names() const;

  private:
	struct state;
	explicit native_object(std::shared_ptr<state> from) noexcept;
	std::shared_ptr<state> state_; ///< the programs hold it too: their code uses its maps
};

} // namespace sockops
