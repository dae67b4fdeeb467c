// SPDX-License-Identifier: MIT
// Lines of at most line_width columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sockops::tools {

inline constexpr std::size_t line_width = 100;

/// Columns of a text: characters of UTF-8.
[[nodiscard]] std::size_t columns(std::string_view text) noexcept;

/// The text on lines of its own, from the column `indent` on; what does not fit goes on the next line,
/// `hanging` columns further in. Lines end at spaces, behind a comma if there is one; what has none stays
/// whole. Ends with a line's end.
[[nodiscard]] std::string paragraph(std::string_view text, std::size_t indent, std::size_t hanging);

/// The text, whatever lines it has, on lines of its own from the column `indent` on, each as full as it gets
/// in `width` columns.
[[nodiscard]] std::string filled(std::string_view text, std::size_t indent, std::size_t width = line_width);

/// Groups of pieces, with commas between the pieces, behind `begin`, which ends where they start: on that
/// line and below in that column, each group on lines of its own. From the first group on that has a piece
/// which is wider than that they go below, into the column `further`.
[[nodiscard]] std::string with_pieces(std::string begin, const std::vector<std::vector<std::string>>& groups,
									  std::size_t further);

} // namespace sockops::tools
