// SPDX-License-Identifier: MIT
// What a kernel refuses of a program, found out as a kernel does: on the ways through it, with what each
// register holds there. Refused is only what a kernel refuses for certain: each refusal has a way that leads
// to it, on which every branch is open for a kernel too, whatever it knows of the numbers that it looks at
// (values.hpp). What is not known ends a way, and is told.
//
// A whole check, which proves that nothing goes wrong on any way, is another thing: this one finds what does
// go wrong on some.
#pragma once

#include "../load_check.hpp"

namespace sockops::vm::check {

/// `left`: what was not looked at, of what `flow` reaches.
refusal check_ways(const bpf_prog_load_attr& attr, const program_structure& structure,
				   const program_flow& flow, std::vector<bpf_not_looked_at>& left);

} // namespace sockops::vm::check
