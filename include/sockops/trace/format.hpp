// SPDX-License-Identifier: MIT
// fmt formatters: a tree of cgroups with what runs where, and why an attach was refused.
//
//   fmt::print("{}", snapshot(*root));
//   /               multi     revision 2   logger           runs logger
//   ├─ fleet        multi     revision 3   fast_syn* gate   runs fast_syn logger gate
//   │  └─ web       -         revision 1                    runs fast_syn logger gate
//
// A star marks PREORDER, "(link 7)" an attachment by a link, "removed" a cgroup that only
// references keep. Needs fmt: link sockops::fmt.
//
// Context: any thread; takes memory, so not in a signal handler.
#pragma once

#include <algorithm>

#include <fmt/format.h>

#include <sockops/cgroup/attach_error.hpp>
#include <sockops/cgroup/snapshot.hpp>

namespace sockops::detail {

/// One line of the picture.
struct tree_line {
	std::string branch, mode, attached, effective; ///< branch: the lines of the tree and the name
	std::size_t width;                             ///< of `branch`, in columns
	u64 revision;
};

inline std::string list_in_words(const cgroup_snapshot& at) {
	std::string words;
	for (const cgroup_snapshot::attachment& each : at.attached) {
		words += (words.empty() ? "" : " ") + each.prog + (each.flags & attach_flags::preorder ? "*" : "");
		if (each.link_id)
			words += fmt::format(" (link {})", each.link_id);
	}
	return words;
}

inline const char* mode_in_words(const cgroup_snapshot& at) {
	return at.attached.empty()                      ? "-"
		   : at.mode & attach_flags::allow_multi    ? "multi"
		   : at.mode & attach_flags::allow_override ? "override"
													: "none";
}

/// `before` stands left of the name, `below` left of what hangs under it.
inline void draw_tree(const cgroup_snapshot& at, const std::string& before, const std::string& below,
					  std::size_t depth, std::vector<tree_line>& lines) {
	const std::string name = (at.name.empty() ? "/" : at.name) + (at.online ? "" : " (removed)");
	lines.push_back({before + name, mode_in_words(at), list_in_words(at),
					 fmt::format("{}", fmt::join(at.effective, " ")), 3 * depth + name.size(), at.revision});
	for (const cgroup_snapshot& child : at.children) {
		const bool last = &child == &at.children.back();
		draw_tree(child, below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "), depth + 1, lines);
	}
}

} // namespace sockops::detail

namespace fmt {

template <>
struct formatter<sockops::cgroup_snapshot> : fmt::formatter<fmt::string_view> {
	/// The tree, a line for each cgroup. Returns the end of what was written.
	template <class Context>
	auto format(const sockops::cgroup_snapshot& tree, Context& ctx) const {
		std::vector<sockops::detail::tree_line> lines;
		sockops::detail::draw_tree(tree, "", "", 0, lines);
		std::size_t names = 0, lists = 0;
		for (const auto& line : lines) {
			names = std::max(names, line.width);
			lists = std::max(lists, line.attached.size());
		}
		auto out = ctx.out();
		for (const auto& line : lines)
			out = fmt::format_to(out, "{}{:{}}  {:8}  revision {:<3}  {:{}}  runs {}\n", line.branch, "",
								 names - line.width, line.mode, line.revision, line.attached, lists,
								 line.effective.empty() ? "nothing" : line.effective);
		return out;
	}
};

template <>
struct formatter<sockops::attach_error> : fmt::formatter<fmt::string_view> {
	/// attach_error::message(), or "granted". Returns the end of what was written.
	template <class Context>
	auto format(const sockops::attach_error& error, Context& ctx) const {
		return fmt::format_to(ctx.out(), "{}", error ? error.message() : "granted");
	}
};

} // namespace fmt
