// SPDX-License-Identifier: MIT
// The words of a command line, by the table of its options: --name VALUE, --name=VALUE, -I VALUE, -IVALUE;
// behind
// "--" no word is an option.
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "command.hpp"

namespace sockops::tools {

/// What is wrong with the words themselves, whatever the files hold.
struct usage_error : std::runtime_error {
	using std::runtime_error::runtime_error;
};

/// An option, and what it changes.
template <class Arguments>
struct parsed_option {
	option is;
	void (*take)(Arguments& into, const std::string& value);
};

struct read_word {
	const option* is;  ///< nullptr: no option
	std::string value; ///< of the option, or the word
};

/// Throws usage_error for an option that there is not, or that lacks its value or has one that it does not
/// take.
[[nodiscard]] std::vector<read_word> read_words(const std::vector<option>& options,
												const std::vector<std::string>& words);

/// The options of a table, for its command.
template <class Arguments>
[[nodiscard]] std::vector<option> options_of(const std::vector<parsed_option<Arguments>>& table) {
	std::vector<option> all;
	for (const parsed_option<Arguments>& each : table)
		all.push_back(each.is);
	return all;
}

/// Throws what read_words() and the table's functions do.
template <class Arguments>
void parse_words(const std::vector<parsed_option<Arguments>>& table, const std::vector<std::string>& words,
				 Arguments& into,
				 std::type_identity_t<void (*)(Arguments&, const std::string& word)> take_operand) {
	const std::vector<option> options = options_of(table);
	for (const read_word& each : read_words(options, words))
		if (each.is)
			table[static_cast<std::size_t>(each.is - options.data())].take(into, each.value);
		else
			take_operand(into, each.value);
}

} // namespace sockops::tools
