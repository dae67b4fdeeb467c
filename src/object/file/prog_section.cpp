// SPDX-License-Identifier: MIT
// The names that libbpf knows, and those of versions after 1.1.
#include "prog_section.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "../libbpf/libbpf.hpp"

namespace sockops::object {
namespace {

/// Sections that came with libbpf 1.2 and later, and the beginnings of their programs' types.
constexpr std::pair<std::string_view, const char*> later_sections[] = {
	{"tcx/", "SCHED_CLS"},
	{"tc/", "SCHED_CLS"},
	{"netkit/", "SCHED_CLS"},
	{"netfilter", "NETFILTER"},
	{"uprobe.", "KPROBE"},
	{"uretprobe.", "KPROBE"},
	{"kprobe.", "KPROBE"},
	{"usdt.", "KPROBE"},
	{"struct_ops", "STRUCT_OPS"},
	{"cgroup/connect_unix", "CGROUP_SOCK_ADDR"},
	{"cgroup/sendmsg_unix", "CGROUP_SOCK_ADDR"},
	{"cgroup/recvmsg_unix", "CGROUP_SOCK_ADDR"},
	{"cgroup/getpeername_unix", "CGROUP_SOCK_ADDR"},
	{"cgroup/getsockname_unix", "CGROUP_SOCK_ADDR"},
};

std::string upper(std::string text) {
	std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
	return text;
}

std::string type_of(const std::string& section) {
	::bpf_prog_type type{};
	::bpf_attach_type attach{};
	if (libbpf::prog_type_by_name(section.c_str(), &type, &attach) == 0)
		if (const char* const name = libbpf::prog_type_str(type))
			return upper(name);
	for (const auto& [beginning, name] : later_sections)
		if (section.starts_with(beginning))
			return name;
	return {};
}

} // namespace

prog_section prog_section_of(std::string_view name) {
	prog_section says;
	says.is_optional = name.starts_with('?');
	name.remove_prefix(says.is_optional ? 1 : 0);
	const std::string_view kind = name.substr(0, name.find('/'));
	says.is_sock_ops = kind == "sockops" || kind == "sock_ops";
	says.type = says.is_sock_ops ? "SOCK_OPS" : type_of(std::string(name));
	return says;
}

std::string section_notice(const std::string& name) {
	return name == "sockops" || name == "?sockops"
			   ? std::string()
			   : "libbpf from 1.0 on knows 'sockops' alone and refuses the object (EINVAL); older ones and "
				 "other loaders take it";
}

} // namespace sockops::object
