// SPDX-License-Identifier: MIT
#include "call_words.hpp"

#include <sockops/bpf/uapi.hpp>
#include <sockops/map/bpf_map.hpp>

#include "../kern/release_words.hpp"

namespace sockops_tools {

using namespace sockops;
using helper::argument_kind;

namespace {

std::string map_types(std::span<const u32> types) {
	std::string words;
	for (const u32 each : types)
		words.append(words.empty() ? "" : ", ").append(bpf_map_type_name(each));
	return words.empty() ? "a map of any type" : "a map of type " + words;
}

} // namespace

std::string since_in_words(kernel_release since) {
	return since == 0 ? "by 6.18" : "since " + detail::release_in_words(since);
}

std::string in_words(const argument_kind& kind) {
	using is = argument_kind::what;
	switch (kind.is) {
	case is::size:
		return kind.may_be_empty ? "bytes of the memory before it"
								 : "bytes of the memory before it, 1 or more";
	case is::amount:
		return "a number that is known before the program runs";
	case is::context:
		return "what the program was given in r1";
	case is::kernel_context:
		return "what bpf_cast_to_kern_ctx() returned";
	case is::map:
		return map_types(kind.map_types);
	case is::key:
		return "a key of the map";
	case is::value:
		return "a value of the map";
	case is::memory:
		return "memory of the program";
	case is::variable:
		return std::to_string(kind.width) + " bytes, which are written";
	case is::constant_string:
		return "a string constant";
	case is::socket:
		return "skops->sk, or the same by another type";
	case is::lock:
		return "the bpf_spin_lock of a map's value";
	case is::record:
		return "what bpf_ringbuf_reserve() returned";
	case is::stack_object:
		return "a variable on the stack";
	case is::function:
		return "a function of the program, static or __noinline";
	case is::address:
		return "any address";
	default:
		return {};
	}
}

} // namespace sockops_tools
