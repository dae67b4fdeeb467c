// SPDX-License-Identifier: MIT
// The kernel of this machine, as far as it is asked what it thinks of programs: nothing is attached, linked
// or pinned, and maps are small.
#pragma once

#include <map>
#include <vector>

#include <sockops/object/ask_kernel.hpp>

#include "../btf/btf_types.hpp"
#include "answering_kernel.hpp"
#include "libbpf.hpp"

namespace sockops::object {

class machine_kernel final : public answering_kernel {
  public:
	/// `kconfig`: what programs find as its configuration.
	explicit machine_kernel(std::string kconfig);

	/// bpf(2). Of programs of type SOCK_OPS all are said to be taken, so that all come to be asked for.
	long call(int command, const void* attr, u32 size) override;
	[[nodiscard]] const std::string& kconfig() const override { return kconfig_; }
	[[nodiscard]] std::span<const std::byte> types() const override { return types_; }
	[[nodiscard]] std::string release() const override { return release_; }
	[[nodiscard]] const char* symbols() const override { return "/proc/kallsyms"; }

	/// What it said of the programs, without their names, in the order in which they came.
	[[nodiscard]] std::vector<kernel_answer>& answers() noexcept { return answers_; }

  private:
	long prog_load(const ::bpf_attr& attr, u32 size);
	void tell_place(const ::bpf_attr& attr, u32 insn, kernel_answer& to) const;
	[[nodiscard]] std::vector<bpf_source_line> lines_of_program(const ::bpf_attr& attr) const;

	std::string kconfig_, release_;
	std::vector<std::byte> types_;
	std::map<int, btf_ptr> loaded_types_; ///< by descriptor, as it was given last
	std::vector<kernel_answer> answers_;
};

/// Why it looks at no program of who asks here, with the remedy; 0 and "": it does.
struct no_verifier {
	int error = 0;
	std::string why{};
};
[[nodiscard]] no_verifier why_no_verifier();

} // namespace sockops::object
