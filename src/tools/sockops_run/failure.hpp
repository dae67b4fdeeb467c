// SPDX-License-Identifier: MIT
// What makes a run fail, with its place in the source; and as a line that code hosts show beside that.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sockops/kern/types.hpp>

namespace sockops_run {

struct failure {
	std::string title;     ///< in some words: "a program was stopped"
	std::string text;      ///< in full
	std::string file{};    ///< a C source as its compiler was given it, or a timeline; "": none
	sockops::u32 line = 0; ///< 0: none
	std::string remedy{};  ///< the option with which it is none; "": none
	bool fails = true;     ///< or is it a warning?
};

/// Of a program that was stopped, and of a finding.
inline constexpr const char* keep_going_remedy = "--keep-going: no failure";

/// "::error file=bpf/tune.c,line=31,title=…::…", or "::warning …": of workflow commands, which GitHub and
/// those that follow it read in what a job prints. The file is named from the top of the tree,
/// GITHUB_WORKSPACE or the current folder; one that is not found there is left out: the text has its name.
/// `objects`: files that may be compiled from it.
[[nodiscard]] std::string annotation(const failure& of, const std::vector<std::string>& objects);

/// Is its file found in the tree?
[[nodiscard]] bool has_place(const failure& what, const std::vector<std::string>& objects);

/// GITHUB_WORKSPACE or the current folder.
[[nodiscard]] std::filesystem::path top_of_tree();

/// The path from the top of the tree of what a compiler has called `named`, maybe in another folder or
/// another checkout: the longest end of it that is a file around one of the objects, or at the top. "" if
/// there is none. Throws std::filesystem::filesystem_error.
[[nodiscard]] std::string path_in_tree(const std::string& named, const std::vector<std::string>& objects);

} // namespace sockops_run
