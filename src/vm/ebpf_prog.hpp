// SPDX-License-Identifier: MIT
// An interpreted program: a bpf_prog with its steps, maps and source lines.
#pragma once

#include <memory>
#include <mutex>

#include <sockops/vm/prog_load.hpp>

#include "step.hpp"
#include "watch/watched_code.hpp"

namespace sockops::vm {

struct ebpf_prog final : bpf_prog {
	std::string name_text;
	std::vector<step> steps;
	std::vector<bpf_map_ptr> maps;
	std::vector<bpf_source_line> lines;
	std::vector<bpf_function> functions;
	std::vector<bpf_unresolved> unresolved; ///< that can be reached
	std::vector<bpf_unresolved> stops;      ///< where else no run gets beyond, and why
	std::vector<bpf_not_looked_at> not_looked_at;

	std::unique_ptr<watched_code> watched; ///< nullptr: it is not

	mutable std::atomic<u64> faults{0};
	mutable std::mutex fault_lock;
	mutable std::string last_fault; ///< under the lock

	ebpf_prog(std::string called);

	u32 insn_of(const step* at) const noexcept { return static_cast<u32>(at - steps.data()); }
};

/// nullptr if it is another kind of program.
const ebpf_prog* as_interpreted(const bpf_prog& prog) noexcept;

/// The last line that begins at or before an instruction; of what comes from no line, that before it is near.
/// nullptr: there is none.
const bpf_source_line* line_of(const std::vector<bpf_source_line>& lines, u32 insn);

/// "tune.bpf.c:12, 'skops->op = 1;'"
std::string line_in_words(const bpf_source_line& line);
/// "tune: instruction 7 (tune.bpf.c:12, 'skops->op = 1;'): "
std::string place_in_words(const std::string& name, const std::vector<bpf_source_line>& lines, u32 insn);

} // namespace sockops::vm
