// SPDX-License-Identifier: MIT
// The rules that programs are held to at load, by name, and what to write instead. Their words are ours; what
// they are was found out by asking a kernel.
#pragma once

#include "subject.hpp"

namespace sockops::vm::check {

struct rule {
	const char* name;
	const char* remedy; ///< of most who break it; "": the reason says it
};

namespace rules {
inline constexpr rule unwritten{"unwritten", "give it a value on every way that leads here"};
inline constexpr rule number_as_address{
	"number-as-address", "a number, also one that was a pointer before it was put into a map or cast to 32 "
						 "bits, leads nowhere: keep the pointer"};
inline constexpr rule null_test{
	"null-test",
	"test the pointer first, as in if (!p) return 1; what counts is a comparison with 0 by == or "
	"!=, before anything else is done with it"};
inline constexpr rule context_moved{
	"context-moved", "use the context as the program was given it, and name fields by constants: a loop over "
					 "its fields has to be unrolled (#pragma unroll), an index tested in a switch"};
inline constexpr rule context_access{"context-access", ""};
inline constexpr rule socket_access{"socket-access", "read whole fields, as <linux/bpf.h> declares them"};
inline constexpr rule read_only{"read-only", ""};
inline constexpr rule write_only{"write-only", "make the map without BPF_F_WRONLY_PROG"};
inline constexpr rule pointer_arithmetic{"pointer-arithmetic",
										 "only 64-bit numbers may be added to a pointer, or subtracted"};
inline constexpr rule pointer_kinds{
	"pointer-kinds", "the compiler has made one instruction of accesses through two kinds of pointers: keep "
					 "them apart, as in functions of their own marked noinline"};
inline constexpr rule stack_bounds{"stack-bounds", "keep what is large in the value of a map"};
inline constexpr rule stack_alignment{"stack-alignment",
									  "align it to the size of the access: what lies on the stack is never "
									  "accessed unaligned"};
inline constexpr rule atomic_alignment{"atomic-alignment", "align it to the size of the operation"};
inline constexpr rule stack_pointer_part{"stack-pointer-part",
										 "a pointer is stored and loaded whole, by 8 aligned bytes"};
inline constexpr rule stack_leak{"stack-leak", "what is in a function's own frame ends with the function"};
inline constexpr rule value_bounds{"value-bounds", "test the very index that is added against the size, "
												   "unsigned and before that, as in if (i >= N) return 1;"};
inline constexpr rule packet_bounds{
	"packet-bounds",
	"compare with skb_data_end first, after the last addition, as in if (p + n > end) return 1;"};
inline constexpr rule given_back{"given-back",
								 "give it back on every way that leads here, also where something failed"};
inline constexpr rule lock{"lock", ""};
inline constexpr rule return_value{
	"return-value", "return 0 or 1 alone: as in return !x; what a helper returned is any number to a kernel"};
inline constexpr rule argument{"argument", ""};
inline constexpr rule call{"call", ""};
inline constexpr rule global_function{"global-function", ""};
inline constexpr rule callback{"callback", ""};
inline constexpr rule endless{
	"endless-loop",
	"let something change in each round that ends it: count the rounds, and end at a constant"};
inline constexpr rule direct_value{"direct-value", ""};
} // namespace rules

/// What is wrong, in words. The place and the way are noted by who looks.
[[gnu::cold]] inline objection broken(const rule& which, std::string reason, std::string remedy = {},
									  int error = EACCES) {
	auto wrong = std::make_unique<refusal>(refusal{error, 0, std::move(reason)});
	wrong->rule = which.name;
	wrong->remedy = remedy.empty() ? which.remedy : std::move(remedy);
	return wrong;
}

} // namespace sockops::vm::check
