// SPDX-License-Identifier: MIT
// Programs of one CO-RE relocation each, made at random: every kind of question, about types that the library
// knows, in declarations that have them otherwise, and about what nobody has.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace core_diff {

/// How exactly two kernels of different layouts must agree.
enum class agreement {
	value,    ///< to the number: the UAPI, the network, enumerations, sizes
	presence, ///< whether it is there: offsets of the kernel's own types, ids of types
};

struct core_question {
	std::string program; ///< "a0012", its function
	std::string what;    ///< in words
	std::string type;    ///< "tcp_sock"
	unsigned kind;       ///< enum bpf_core_relo_kind
	agreement must;
	bool is_absent; ///< made up
};

struct generated {
	std::string source; ///< C, for clang -target bpf
	std::vector<core_question> accesses;
};

[[nodiscard]] generated generate(std::uint64_t seed);

/// What a relocation came to.
struct answer {
	bool is_there = false; ///< false: the instruction was poisoned
	std::uint64_t value = 0;
	std::string error; ///< why there is no answer at all
};

/// Of each access, in order, by libbpf against the machine's types: the object is loaded into its kernel.
[[nodiscard]] std::vector<answer> ask_kernel(const std::string& object, const generated& of);
/// By running each program here.
[[nodiscard]] std::vector<answer> ask_library(const std::string& object, const generated& of);

} // namespace core_diff
