// SPDX-License-Identifier: MIT
// The CO-RE relocations of one object while it is loaded: the types they are answered from, and for each
// instruction that libbpf has been through, what came of it.
#pragma once

#include <memory>

#include <sockops/kern/kernel_release.hpp>
#include <sockops/vm/insn.hpp>

#include "kernel_types.hpp"

namespace sockops::object {

class core_relocations {
  public:
	/// `object`: the types of the file; nullptr: it has none, and no relocations either.
	core_relocations(btf_ptr object, std::span<const std::byte> image);

	/// Nothing but the library's own, where the object has no relocations.
	[[nodiscard]] const kernel_types& kernel() const noexcept { return kernel_; }

	/// What an instruction is there for, if not to be run: it reads what is not here, or would read it
	/// wrongly.
	/// "": it may be run.
	[[nodiscard]] std::string unusable(core_place place, bpf_insn insn) const;
	/// "bpf_core_field_exists(struct tcp_sock.reordering) is 0: it is not modelled"; "" of other
	/// instructions.
	[[nodiscard]] std::string answered_no(core_place place, bpf_insn insn) const;
	/// "bpf_core_field_exists(struct bpf_sock_ops.skb_data) is 0 in 5.4": an instruction that says yes, where
	/// that release has it not; "" of others.
	[[nodiscard]] std::string too_young(core_place place, bpf_insn insn, kernel_release kernel) const;

  private:
	const core_record* find(core_place place) const noexcept;
	bool misreads_bit_field(const core_record& record) const;

	btf_ptr object_;
	core_records records_;
	kernel_types kernel_;
};

} // namespace sockops::object
