// SPDX-License-Identifier: MIT
// An object in the machine's kernel, by the system's libbpf: its maps are made and its types are there; its
// programs are as they arrive at BPF_PROG_LOAD, and are loaded by whoever asks.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <sockops/vm/insn.hpp>

struct bpf_object;

namespace verdicts {

/// struct bpf_func_info.
struct function_record {
	sockops::u32 insn, type;
};

/// Does the verifier come to an instruction, by its log?
bool comes_to(const std::string& log, sockops::u32 insn);

struct kernel_prog {
	std::string name;
	std::vector<sockops::bpf_insn> insns; ///< maps are descriptors
	std::vector<function_record> functions;
	int types; ///< a descriptor; 0: it has none

	/// 0, or errno, of the program with other instructions; it is let go again.
	int load(std::span<const sockops::bpf_insn> others, const char* license) const;
	/// What the verifier writes on the way, each instruction that it comes to; the end of it, if it is long.
	std::string log_of(std::span<const sockops::bpf_insn> others, const char* license) const;
};

class kernel_object {
  public:
	/// error() says why it cannot be had; "" if it can.
	explicit kernel_object(const std::string& file);
	~kernel_object();
	kernel_object(const kernel_object&) = delete;

	[[nodiscard]] const std::string& error() const noexcept { return error_; }
	[[nodiscard]] const std::vector<kernel_prog>& progs() const noexcept { return progs_; }

  private:
	struct close_object {
		void operator()(::bpf_object* object) const noexcept;
	};
	std::unique_ptr<::bpf_object, close_object> object_;
	std::vector<kernel_prog> progs_;
	std::string error_;
};

} // namespace verdicts
