// SPDX-License-Identifier: MIT
// libbpf writes, of a CO-RE relocation, its kind, the local type and what was looked for in it:
//
//   failed to resolve CO-RE relocation <byte_off> [18] struct tcp_sock.inet_conn.icsk_foo (0:0:2 @ offset 8)
//   failed to resolve CO-RE relocation <enumval_value> [7] enum tcp_state::TCP_NONE = 3
//   failed to resolve CO-RE relocation <type_size> [9] struct sock_reuseport
//   BPF map 'devices' is referenced but wasn't created
#include "relocation_failure.hpp"

#include <algorithm>
#include <string_view>

#include <sockops/vm/core_types.hpp>

namespace sockops {
namespace {

/// The line that begins with, or has, `mark`, from the mark's end on; "" if there is none.
std::string_view line_after(std::string_view text, std::string_view mark) noexcept {
	const std::size_t at = text.find(mark);
	if (at == std::string_view::npos)
		return {};
	text.remove_prefix(at + mark.size());
	return text.substr(0, text.find('\n'));
}

std::string no_such(std::string_view type, const char* what, std::string_view name) {
	return "CO-RE: " + std::string(type) + " has no " + what + " '" + std::string(name) + "' here";
}

/// "struct tcp_sock", also as "struct tcp_sock___flavour", which CO-RE takes for the same.
bool is_modelled(std::string_view type) {
	type = type.substr(0, type.find("___"));
	type.remove_prefix(std::min(type.size(), type.find(' ') + 1));
	return std::ranges::any_of(core_members(), [&](const core_member& each) { return type == each.type; });
}

std::string no_type(std::string_view type) { return "CO-RE: there is no " + std::string(type) + " here"; }

std::string core_relocation(std::string_view line) {
	line.remove_prefix(std::min(line.size(), line.find("] ")));
	line.remove_prefix(std::min<std::size_t>(line.size(), 2));
	line = line.substr(0, line.find(" ("));
	if (const std::size_t at = line.find("::"); at != std::string_view::npos)
		return no_such(line.substr(0, at), "value", line.substr(at + 2, line.find(" =", at) - at - 2));
	if (const std::size_t at = line.find('.'); at != std::string_view::npos)
		return is_modelled(line.substr(0, at)) ? no_such(line.substr(0, at), "member", line.substr(at + 1))
											   : no_type(line.substr(0, at));
	return no_type(line);
}

} // namespace

std::string relocation_failure(const std::string& messages) {
	if (const std::string_view line = line_after(messages, "CO-RE relocation "); !line.empty())
		return core_relocation(line) +
			   "; bpf_core_field_exists() and its kin tell a program so before it asks";
	if (const std::string_view line = line_after(messages, "BPF map '"); !line.empty())
		return "it uses map '" + std::string(line.substr(0, line.find('\''))) +
			   "', which was not made (see notices())";
	return "it comes to an instruction that libbpf could not relocate";
}

} // namespace sockops
