// SPDX-License-Identifier: MIT
// libbpf writes: BPF map 'devices' is referenced but wasn't created
#include "relocation_failure.hpp"

#include <string_view>

namespace sockops {

std::string relocation_failure(const std::string& messages) {
	constexpr std::string_view mark = "BPF map '";
	const std::size_t at = messages.find(mark);
	if (at == messages.npos)
		return "it comes to an instruction that libbpf could not relocate";
	const std::size_t name = at + mark.size();
	return "it uses map '" + messages.substr(name, messages.find('\'', name) - name) +
		   "', which was not made (see notices())";
}

} // namespace sockops
