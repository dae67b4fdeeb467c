// SPDX-License-Identifier: MIT
// What an object's programs are when they arrive at bpf_prog_load(), and what it said: relocated, with maps,
// lines and functions. Who links recorded_loads calls it through here.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <sockops/vm/prog_load.hpp>

namespace verdicts {

class recorded_load {
  public:
	/// `refused`: nullptr if it was taken.
	recorded_load(const sockops::bpf_prog_load_attr& of, const sockops::bpf_load_error* refused)
		: insns(of.insns.begin(), of.insns.end()), taken(!refused), attr_(of) {
		if (refused)
			why = *refused;
	}

	/// The same with other instructions, which outlive it.
	sockops::bpf_prog_load_attr with(std::span<const sockops::bpf_insn> others) const {
		sockops::bpf_prog_load_attr made = attr_;
		made.insns = others;
		return made;
	}
	const std::vector<sockops::bpf_map_ptr>& maps() const { return attr_.maps; }
	const std::string& name() const { return attr_.name; }
	/// "tune.bpf.c:12, '…'", or "".
	std::string line_of(sockops::u32 insn) const;

	std::vector<sockops::bpf_insn> insns;
	bool taken;
	sockops::bpf_load_error why; ///< unless it was taken

  private:
	sockops::bpf_prog_load_attr attr_; ///< its instructions are gone
};

enum class recording_of {
	checked,  ///< until the first that is refused
	unchecked ///< all: a program that does nothing is loaded in the place of each
};
/// Those of an object file. `error`: why the object was not loaded, or "".
std::vector<recorded_load> loads_of(const std::string& file, std::string& error,
									recording_of which = recording_of::checked);

} // namespace verdicts
