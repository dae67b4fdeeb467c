// SPDX-License-Identifier: MIT
// What a misspelled name may have meant. For messages: it allocates.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

namespace sockops::detail {

/// A name that is further from another is not a misspelling of it.
inline constexpr std::size_t most_misspelled = 2;

/// Letters put in, left out or taken for another, at least.
inline std::size_t letters_apart(std::string_view a, std::string_view b) {
	std::vector<std::size_t> row(b.size() + 1);
	std::iota(row.begin(), row.end(), std::size_t{0});
	for (std::size_t i = 0; i != a.size(); ++i) {
		std::size_t diagonal = row[0]++;
		for (std::size_t j = 0; j != b.size(); ++j)
			diagonal =
				std::exchange(row[j + 1], std::min({row[j + 1] + 1, row[j] + 1, diagonal + (a[i] != b[j])}));
	}
	return row.back();
}

} // namespace sockops::detail
