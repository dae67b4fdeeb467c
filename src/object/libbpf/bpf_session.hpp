// SPDX-License-Identifier: MIT
// bpf(2) as libbpf sees it: commands and union bpf_attr, answered by this library. One session is one
// process's view: its descriptors, and what went wrong last. While a session_scope lives, the calls of this
// thread go there.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <sockops/vm/prog_load.hpp>

#include "../core/core_relocations.hpp"
#include "../debug/debug_data.hpp"
#include "handles.hpp"
#include "libbpf.hpp"

namespace sockops::object {

/// Why BPF_PROG_LOAD was refused. Whoever called libbpf reads it here: libbpf itself gets an errno.
struct refused_program {
	std::string name;
	bpf_load_error why;
	/// The instruction stands for a map that was not made: its place among the object's maps.
	std::optional<u32> poisoned_map;
};

class bpf_session {
  public:
	/// `core`: of the object that is loaded; outlives the session.
	explicit bpf_session(const core_relocations& core) noexcept : core_(core) {}

	/// bpf(2): a descriptor, another number from 0 on, or -errno with reason() in words. `size`: how much of
	/// `attr` the caller has.
	long call(int command, const void* attr, u32 size);

	/// What libbpf reads as the kernel's configuration: lines of a .config.
	void set_kconfig(std::string text) { kconfig_ = std::move(text); }
	[[nodiscard]] const std::string& kconfig() const noexcept { return kconfig_; }
	/// Names of the programs to come, in full: BPF_PROG_LOAD has 15 characters of each.
	void set_names(std::vector<std::string> names) { names_ = std::move(names); }
	/// As which release BPF_MAP_CREATE and BPF_PROG_LOAD answer, and uname(2): object_options::kernel.
	void set_kernel(kernel_release kernel) noexcept { kernel_ = kernel; }
	[[nodiscard]] kernel_release kernel() const noexcept { return kernel_; }
	/// Programs to come are watched (object_options::watch). `debug` outlives the session.
	void watch(const std::optional<bpf_watch_options>& how, const debug_data& debug) noexcept {
		watch_ = how;
		debug_ = &debug;
	}
	/// A descriptor for a map that there is already, which belongs to the caller; -errno.
	int open(const bpf_map_ptr& map) { return handles_.open(map); }

	/// How long all calls together took.
	[[nodiscard]] std::chrono::nanoseconds spent() const noexcept { return spent_; }
	[[nodiscard]] const handle_table& handles() const noexcept { return handles_; }
	/// Why the last call failed; "" if it did not.
	[[nodiscard]] const std::string& reason() const noexcept { return reason_; }
	/// The kernel's types, for libbpf.
	[[nodiscard]] std::span<const std::byte> kernel_types() const;
	/// What is to be known of programs that were loaded all the same: what they are loaded without.
	[[nodiscard]] const std::vector<std::string>& notices() const noexcept { return notices_; }
	/// The SOCK_OPS program that was refused last; nullopt: none was.
	[[nodiscard]] const std::optional<refused_program>& refused() const noexcept { return refused_; }

  private:
	long answer(int command, const ::bpf_attr& attr);
	long map_create(const ::bpf_attr& attr);
	s32 spin_lock_offset(const ::bpf_attr& attr) const;
	long map_element(int command, const ::bpf_attr& attr);
	long update(bpf_map& map, const ::bpf_attr& attr);
	long map_freeze(const ::bpf_attr& attr);
	long btf_load(const ::bpf_attr& attr);
	long prog_load(const ::bpf_attr& attr);
	/// Where CO-RE was answered yes, and kernel() is older than that: no.
	void answer_as_of_release(const ::bpf_attr& attr, std::span<bpf_insn> insns);
	/// What CO-RE relocations left in the program's instructions.
	void note_relocations(const ::bpf_attr& attr, bpf_prog_load_attr& to);
	long info(const ::bpf_attr& attr);
	long fail(int error, std::string reason);
	void note(std::string what);
	std::string full_name(const std::string& cut) const;

	const core_relocations& core_;
	handle_table handles_;
	std::vector<std::string> notices_;
	kernel_release kernel_ = modelled_release;
	std::string kconfig_;
	std::vector<std::string> names_;
	std::optional<bpf_watch_options> watch_;
	const debug_data* debug_ = nullptr;
	std::string reason_;
	std::optional<refused_program> refused_;
	std::chrono::nanoseconds spent_{};
};

/// Makes a session that of this thread; the one before it comes back at the end.
class session_scope {
  public:
	explicit session_scope(bpf_session& session) noexcept;
	session_scope(const session_scope&) = delete;
	session_scope& operator=(const session_scope&) = delete;
	~session_scope();
	/// nullptr: none; then the copy of libbpf gets -ENOSYS for bpf(2), and never the machine's kernel.
	[[nodiscard]] static bpf_session* current() noexcept;

  private:
	bpf_session* before_;
};

} // namespace sockops::object
