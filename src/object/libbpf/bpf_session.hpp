// SPDX-License-Identifier: MIT
// bpf(2) as libbpf sees it: commands and union bpf_attr, answered by this library. One session is one
// process's view: its descriptors, and what went wrong last.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <sockops/vm/prog_load.hpp>

#include "../core/core_relocations.hpp"
#include "../debug/debug_data.hpp"
#include "answering_kernel.hpp"
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

/// A SOCK_OPS program that BPF_PROG_LOAD has looked at.
struct judged_program {
	std::string name; ///< in full
	std::optional<refused_program> refused{};
	std::vector<bpf_not_looked_at> not_looked_at{};
};

class bpf_session final : public answering_kernel {
  public:
	/// `core`: of the object that is loaded; outlives the session.
	explicit bpf_session(const core_relocations& core) noexcept : core_(core) {}

	/// What fails has reason() in words.
	long call(int command, const void* attr, u32 size) override;

	/// What libbpf reads as the kernel's configuration: lines of a .config.
	void set_kconfig(std::string text) { kconfig_ = std::move(text); }
	[[nodiscard]] const std::string& kconfig() const noexcept override { return kconfig_; }
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
	[[nodiscard]] std::span<const std::byte> types() const override;
	[[nodiscard]] std::string release() const override;
	[[nodiscard]] const char* symbols() const override { return "/dev/null"; } // none with an address
	/// What is to be known of programs that were loaded all the same: what they are loaded without.
	[[nodiscard]] const std::vector<std::string>& notices() const noexcept { return notices_; }
	/// The SOCK_OPS programs to come are loaded though a kernel would refuse them
	/// (object_options::unchecked).
	void load_unchecked(bool unchecked) noexcept { unchecked_ = unchecked; }
	/// No program is made, and libbpf is told of each that it was: so all come to be judged.
	void judge_only() noexcept { judges_only_ = true; }
	/// The SOCK_OPS programs until now, in the order in which they came; but with judge_only() no other comes
	/// after one that was refused.
	[[nodiscard]] const std::vector<judged_program>& judged() const noexcept { return judged_; }
	/// The one that was refused last; nullptr: none was.
	[[nodiscard]] const refused_program* refused() const noexcept {
		return judged_.empty() || !judged_.back().refused ? nullptr : &*judged_.back().refused;
	}

  private:
	long answer(int command, const ::bpf_attr& attr);
	long map_create(const ::bpf_attr& attr);
	s32 spin_lock_offset(const ::bpf_attr& attr) const;
	long map_element(int command, const ::bpf_attr& attr);
	long update(bpf_map& map, const ::bpf_attr& attr);
	long map_freeze(const ::bpf_attr& attr);
	long btf_load(const ::bpf_attr& attr);
	long prog_load(const ::bpf_attr& attr);
	long refuse(refused_program refused);
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
	std::vector<judged_program> judged_;
	bool unchecked_ = false, judges_only_ = false;
	std::chrono::nanoseconds spent_{};
};

} // namespace sockops::object
