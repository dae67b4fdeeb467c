// SPDX-License-Identifier: MIT
// Reads one statement from left to right: words, numbers, registers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <sockops/kern/types.hpp>

namespace isa {

/// r0 to r15, or w0 to w15: their low halves. Those above r10 exist in encodings only.
struct reg {
	sockops::u8 number;
	bool low_half;
};

class cursor {
  public:
	explicit cursor(std::string_view statement) noexcept : whole_(statement), left_(statement) {}

	/// Whether these characters come next, after spaces; if so, they are passed over.
	bool accept(std::string_view characters) noexcept;
	/// The same for a whole word: what follows it is no letter, digit or '_'.
	bool accept_word(std::string_view word) noexcept;
	/// Throws, with the statement, if they do not come next.
	void expect(std::string_view characters);

	std::optional<reg> accept_reg() noexcept;
	reg expect_reg();
	std::optional<std::string> accept_name();
	/// Decimal or 0x…, with an optional sign before it, which may be followed by spaces: "+ 8". From -2^63 to
	/// 2^64 - 1, as 64 bits.
	std::optional<sockops::u64> accept_number();
	sockops::u64 expect_number();

	bool at_end() noexcept;
	[[nodiscard]] std::string rest() const { return std::string(left_); }
	[[noreturn]] void fail(const std::string& what) const;

  private:
	void skip_spaces() noexcept;

	std::string_view whole_, left_;
};

} // namespace isa
