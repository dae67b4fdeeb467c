// SPDX-License-Identifier: MIT
// The rules of attaching: each has its errno and its words here, and nowhere else.

#include <sockops/cgroup/attach_error.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <sockops/kern/errno.hpp>

namespace sockops {

namespace {

struct rule_info {
	attach_rule rule;
	int error;         ///< positive
	const char* words; ///< "{by}" is the path of the cgroup that decided, "{flags}" those of the call
};

constexpr rule_info rule_table[] = {
	{attach_rule::granted, 0, ""},
	{attach_rule::unknown_flags, EINVAL, "the flags {flags} have a bit that this call does not take"},
	{attach_rule::no_program, EINVAL, "no program was given"},
	{attach_rule::bad_type, EINVAL, "the attach type is out of range"},
	{attach_rule::cgroup_removed, ENOENT, "the cgroup has been removed"},
	{attach_rule::override_and_multi, EINVAL,
	 "the flags {flags} ask for ALLOW_OVERRIDE and ALLOW_MULTI: a cgroup has one mode"},
	{attach_rule::replace_without_multi, EINVAL,
	 "the flags {flags} have REPLACE without ALLOW_MULTI: in the other modes an attach replaces anyway"},
	{attach_rule::replace_with_position, EINVAL,
	 "the flags {flags} have REPLACE with BEFORE or AFTER: a replacement takes the old position"},
	{attach_rule::replace_names_nothing, EINVAL, "REPLACE does not say which program to replace"},
	{attach_rule::stale_revision, ESTALE,
	 "the list is not of the expected revision any more: query it, and decide again"},
	{attach_rule::ancestor_allows_none, EPERM,
	 "the ancestor {by} holds a program attached with NONE: attach it there with ALLOW_OVERRIDE or "
	 "ALLOW_MULTI to let descendants attach"},
	{attach_rule::other_mode, EPERM,
	 "the cgroup holds programs of another mode than the flags {flags} ask for: detach them first, or use "
	 "theirs"},
	{attach_rule::too_many, E2BIG, "the cgroup holds 64 attachments, as many as one can"},
	{attach_rule::already_attached, EINVAL,
	 "this program is attached here already: use a link for another time"},
	{attach_rule::replaced_not_attached, ENOENT, "the program to replace is not attached here directly"},
	{attach_rule::no_memory, ENOMEM, "out of memory; nothing has changed"},
	{attach_rule::one_position, EINVAL,
	 "the flags {flags} name an anchor and not exactly one of BEFORE and AFTER"},
	{attach_rule::anchor_kind, EINVAL,
	 "the anchor is not of the kind that is attached: a program stands beside a program, a link (flag LINK) "
	 "beside a link"},
	{attach_rule::anchor_handle, EBADF, "the anchor's handle names nothing"},
	{attach_rule::anchor_not_here, ENOENT, "the anchor is not attached here"},
	{attach_rule::anchor_preorder, EINVAL,
	 "the anchor runs in the other part of the order: PREORDER differs"},
	{attach_rule::both_ends, EINVAL, "the flags {flags} ask for the first place and the last"},
	{attach_rule::detach_takes_no_flags, EINVAL, "a detach takes neither flags nor an anchor"},
	{attach_rule::detach_names_nothing, EINVAL,
	 "the mode is ALLOW_MULTI, and no program to detach was named"},
	{attach_rule::nothing_attached, ENOENT, "nothing is attached here"},
	{attach_rule::not_attached, ENOENT, "the program is not attached here directly"},
	{attach_rule::link_gone, ENOLINK, "the link is attached to nothing any more"},
	{attach_rule::old_without_replace, EINVAL, "an expected old program was given without REPLACE"},
	{attach_rule::old_differs, EPERM, "the link's program is not the expected one"},
	{attach_rule::other_copy, EXDEV,
	 "the cgroup or the program was made by another copy of the library: link all files with its shared "
	 "form"},
};

constexpr bool rules_stand_in_order() {
	for (std::size_t i = 0; i != std::size(rule_table); ++i)
		if (static_cast<std::size_t>(rule_table[i].rule) != i)
			return false;
	return true;
}
static_assert(rules_stand_in_order());

const rule_info& info_of(attach_rule rule) noexcept { return rule_table[static_cast<std::size_t>(rule)]; }

void put_in(std::string& text, const char* mark, const std::string& value) {
	if (const std::size_t at = text.find(mark); at != std::string::npos)
		text.replace(at, std::strlen(mark), value);
}

struct flag_name {
	u32 flag;
	const char* name;
};
constexpr flag_name flag_names[] = {
	{attach_flags::allow_override, "ALLOW_OVERRIDE"},
	{attach_flags::allow_multi, "ALLOW_MULTI"},
	{attach_flags::replace, "REPLACE"},
	{attach_flags::before, "BEFORE"},
	{attach_flags::after, "AFTER"},
	{attach_flags::id, "ID"},
	{attach_flags::preorder, "PREORDER"},
	{attach_flags::link, "LINK"},
};

/// "ALLOW_MULTI|BEFORE|0x80"; "NONE"
std::string flags_in_words(u32 flags) {
	std::string words;
	for (const flag_name& known : flag_names)
		if (flags & known.flag) {
			words.append(words.empty() ? "" : "|").append(known.name);
			flags &= ~known.flag;
		}
	char rest[16];
	std::snprintf(rest, sizeof rest, "0x%x", flags);
	if (flags)
		words.append(words.empty() ? "" : "|").append(rest);
	return words.empty() ? "NONE" : words;
}

std::string errno_in_words(int error) {
	const char* const name = error == kern_errno::notsupp ? "ENOTSUPP" : strerrorname_np(error);
	return name ? name : "errno " + std::to_string(error);
}

} // namespace

int attach_error::code() const noexcept {
	return rule == attach_rule::anchor_handle && handle_error < 0 ? handle_error : -info_of(rule).error;
}

std::string attach_error::message() const {
	if (!*this)
		return {};
	std::string words = info_of(rule).words;
	put_in(words, "{flags}", flags_in_words(flags));
	put_in(words, "{by}", decided_by ? decided_by->path() : "?");
	return errno_in_words(-code()) + ": " + (at ? at->path() + ": " : "") + words;
}

} // namespace sockops
