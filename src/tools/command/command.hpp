// SPDX-License-Identifier: MIT
// What a tool's command line is, said once: its help, its man page, its completion and its parser
// (parse.hpp) are made of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <sockops/kern/types.hpp>

namespace sockops::tools {

/// What a word is, for who completes it.
enum class word_kind : u8 {
	text, ///< nothing is known of it
	file, ///< or a folder on the way to one
	folder,
	object,  ///< a file of BPF programs, compiled or in C
	program, ///< what the objects on the command line have of that kind, as --contents tells
	map,
	variable,
};

struct option {
	std::string_view names; ///< "--help, -h"
	std::string_view value; ///< "FOLDER"; "" if it takes none
	std::string_view text;  ///< what it does, one paragraph
	word_kind kind = word_kind::text;
	std::vector<std::string_view> choices{}; ///< what is offered for the value; it may take others
};

struct item {
	std::string_view term, text;
};

/// Paragraphs are parted by an empty line; the ends of other lines are spaces.
struct section {
	std::string_view title, text;
	std::vector<item> items{};
	std::string_view behind{}; ///< below the items
};

struct command {
	std::string_view name;
	std::string_view purpose;               ///< in half a line
	std::vector<std::string_view> synopsis; ///< what follows the name, a way each
	std::string_view description;           ///< paragraphs
	word_kind operand = word_kind::text;    ///< words that are no options
	std::vector<option> options;
	std::vector<section> sections;
	std::vector<std::string_view> see_also{}; ///< other pages' names, of section 1
};

/// "--help", "-h".
[[nodiscard]] std::vector<std::string_view> names_of(const option& of);
/// The paragraphs of a text.
[[nodiscard]] std::vector<std::string_view> paragraphs_of(std::string_view text);

/// What --help prints, in at most a hundred columns.
[[nodiscard]] std::string help_text(const command& of);
/// A page for man(1).
[[nodiscard]] std::string man_page(const command& of);
/// A script for bash, which needs no other.
[[nodiscard]] std::string bash_completion(const command& of);

/// Prints one of these: "man" or "bash". Throws usage_error for another word.
[[nodiscard]] std::string generated(const command& of, std::string_view what);

} // namespace sockops::tools
