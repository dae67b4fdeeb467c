// SPDX-License-Identifier: MIT
// BPF programs in C that were compiled for this machine (cmake/native_program.cmake): a debugger steps
// through them, sanitizers and coverage see them. They are bpf_objects, so that a test runs against either
// form.
//
//     native_object object = native_object::open("tune"); // as sockops_native_program() names it
//     object.global("target_port").set(u16{8080});
//     object.load();
//     bpf_link link(root.make("/web"), object.prog());
//
// Maps and types are those of the object file that is compiled from the same source, and load() refuses what
// it refuses of that; the code is the process's own.
//
//   once        a program's variables exist once in a process, so it is loaded once at a time: open() fails
//               while something of an earlier load is there (the object, or a program that is attached)
//   variables   begin anew with each open(), but for static ones inside functions, which go on
//   tail calls  end the program that makes them, also from a function that is not inlined (in a kernel such
//               a function's caller goes on)
//   numbers     (void *)BPF_FUNC_map_lookup_elem leads nowhere: <bpf/bpf_helpers.h> has the functions;
//               but object_test and sockops-run go to those all the same
//   licence     is not looked at, and nothing is checked at run time: that is what sanitizers are for
//
// Context: one thread at a time for a program, outside of programs; not from a signal handler.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sockops/kern/containers.hpp>
#include <sockops/object/bpf_object.hpp>
#include <sockops/object/map_view.hpp>

namespace sockops {

class native_object : public bpf_object {
  public:
	/// bpf_object::open_native(). `with`: as for the object file of the same source.
	[[nodiscard]] static native_object open(std::string_view name, const object_options& with = {}) {
		return native_object(open_native(name, with));
	}
	/// open() and load().
	[[nodiscard]] static native_object load(std::string_view name, const object_options& with = {}) {
		native_object opened = open(name, with);
		opened.load();
		return opened;
	}
	using bpf_object::load;
	/// The names of all programs that are linked.
	[[nodiscard]] static std::vector<std::string> names();

  private:
	explicit native_object(bpf_object&& from) noexcept : bpf_object(std::move(from)) {}
};

} // namespace sockops
