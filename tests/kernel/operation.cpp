// SPDX-License-Identifier: MIT
#include "operation.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace kernel_diff {

namespace {

constexpr const char* names[op_kinds] = {
	"mkdir",       "rmdir",      "attach", "detach",      "link_create",  "link_update",
	"link_detach", "link_close", "query",  "socket_open", "socket_close",
};

struct named_flag {
	std::uint32_t bit;
	const char* name;
};
constexpr named_flag flag_names[] = {
	{flag::allow_override, "OVERRIDE"}, {flag::allow_multi, "MULTI"}, {flag::replace, "REPLACE"},
	{flag::before, "BEFORE"},           {flag::after, "AFTER"},       {flag::id, "ID"},
	{flag::preorder, "PREORDER"},       {flag::link, "LINK"},
};

std::string prog_in_words(int number) {
	switch (number) {
	case handle::none:
		return "no program";
	case handle::closed:
		return "a closed handle";
	case handle::other_object:
		return "a handle of no bpf object";
	case handle::other_type:
		return "a program of another type";
	default:
		return print("P%d", number);
	}
}

std::string cgroup_in_words(int number) { return number < 0 ? prog_in_words(number) : print("c%d", number); }

/// What attach, detach and link_create have in common.
std::string options_in_words(const operation& op) {
	std::string text = print(": %s", flags_in_words(op.flags).c_str());
	if (op.anchor_link != handle::none)
		text += print(", beside L%d", op.anchor_link);
	else if (op.anchor_prog != handle::none)
		text += print(", beside %s", prog_in_words(op.anchor_prog).c_str());
	if (op.replace != handle::none)
		text += print(", replacing %s", prog_in_words(op.replace).c_str());
	if (op.revision)
		text += print(", expecting revision %llu", static_cast<unsigned long long>(op.revision));
	return text;
}

std::string link_update_in_words(const operation& op, const char* prog) {
	std::string text = print("update L%d to %s", op.link, prog);
	if (op.replace != handle::none)
		text += print(", expecting %s", prog_in_words(op.replace).c_str());
	return text + print(": %s", flags_in_words(op.flags).c_str());
}

std::string query_in_words(const operation& op) {
	return print("query %s: flags %#x, room for %u%s%s", cgroup_in_words(op.cgroup).c_str(), op.flags,
				 op.capacity, op.want_ids ? "" : ", without ids", op.want_flags ? ", with attach flags" : "");
}

std::string found_in_words(const query_result& found) {
	return print(", count %u, mode %u, revision %llu, %s", found.count, found.attach_flags,
				 static_cast<unsigned long long>(found.revision), numbers_in_words(found.progs).c_str());
}

} // namespace

std::string print(const char* format, ...) {
	char text[2000];
	va_list values;
	va_start(values, format);
	std::vsnprintf(text, sizeof(text), format, values);
	va_end(values);
	return text;
}

const char* op_name(op_kind kind) noexcept { return names[static_cast<int>(kind)]; }

std::string flags_in_words(std::uint32_t flags) {
	std::string text;
	for (const named_flag& each : flag_names) {
		if (flags & each.bit)
			text += print("%s%s", text.empty() ? "" : "|", each.name);
		flags &= ~each.bit;
	}
	if (flags || text.empty())
		text += print("%s%#x", text.empty() ? "" : "|", flags);
	return text;
}

std::string error_in_words(int error) {
	const char* const name = ::strerrorname_np(-error);
	return error && name ? print("-%s", name) : print("%d", error);
}

std::string numbers_in_words(const std::vector<int>& numbers) {
	std::string text;
	for (const int number : numbers)
		text += print("%s%d", text.empty() ? "" : " ", number);
	return print("[%s]", text.c_str());
}

std::string in_words(const operation& op) {
	const std::string prog_text = prog_in_words(op.prog), at_text = cgroup_in_words(op.cgroup),
					  options_text = options_in_words(op);
	const char *const prog = prog_text.c_str(), *const at = at_text.c_str(),
					  *const options = options_text.c_str();
	switch (op.kind) {
	case op_kind::mkdir:
		return print("mkdir c%d in c%d", op.cgroup, op.parent);
	case op_kind::rmdir:
		return print("rmdir c%d", op.cgroup);
	case op_kind::attach:
		return print("attach %s to %s%s", prog, at, options);
	case op_kind::detach:
		return print("detach %s from %s%s", prog, at, options);
	case op_kind::link_create:
		return print("create L%d with %s at %s%s", op.link, prog, at, options);
	case op_kind::link_update:
		return link_update_in_words(op, prog);
	case op_kind::link_detach:
		return print("detach L%d", op.link);
	case op_kind::link_close:
		return print("close L%d", op.link);
	case op_kind::query:
		return query_in_words(op);
	case op_kind::socket_open:
		return print("open socket %d in c%d", op.socket, op.cgroup);
	case op_kind::socket_close:
		return print("close socket %d", op.socket);
	}
	return "?";
}

std::string in_words(const operation& op, const answer& got) {
	std::string text = in_words(op);
	text += got.skipped ? " -> skipped" : print(" -> %s", error_in_words(got.error).c_str());
	return op.kind == op_kind::query ? text + found_in_words(got.found) : text;
}

} // namespace kernel_diff
