// SPDX-License-Identifier: MIT
// What becomes of a case here: bpf_prog_load() takes it or not, and a connection is played with it.
#pragma once

#include <sockops/vm/prog_load.hpp>

#include "case_file.hpp"

namespace verdicts {

enum class outcome {
	refused,  ///< as a kernel does
	not_here, ///< the library has not what it asks for
	stopped,  ///< it is loaded, and a run of it was stopped
	plays     ///< it is loaded, and nothing is said
};
const char* name_of(outcome what);

struct answer {
	outcome is;
	std::string words;             ///< why it is not there, was refused or stopped
	sockops::bpf_load_error why{}; ///< of refused
};

/// Loads it, and plays the default timeline of the tool with it in "/".
answer answer_here(const verifier_case& of);

} // namespace verdicts
