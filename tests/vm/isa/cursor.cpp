// SPDX-License-Identifier: MIT
#include "cursor.hpp"

#include <cctype>
#include <charconv>
#include <stdexcept>

namespace isa {

namespace {

bool of_word(char c) noexcept { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

} // namespace

void cursor::skip_spaces() noexcept {
	while (!left_.empty() && std::isspace(static_cast<unsigned char>(left_.front())))
		left_.remove_prefix(1);
}

bool cursor::at_end() noexcept {
	skip_spaces();
	return left_.empty();
}

bool cursor::accept(std::string_view characters) noexcept {
	skip_spaces();
	if (!left_.starts_with(characters))
		return false;
	left_.remove_prefix(characters.size());
	return true;
}

bool cursor::accept_word(std::string_view word) noexcept {
	skip_spaces();
	if (!left_.starts_with(word) || (left_.size() > word.size() && of_word(left_[word.size()])))
		return false;
	left_.remove_prefix(word.size());
	return true;
}

void cursor::expect(std::string_view characters) {
	if (!accept(characters))
		fail("expected '" + std::string(characters) + "'");
}

std::optional<reg> cursor::accept_reg() noexcept {
	skip_spaces();
	const std::string_view before = left_;
	const bool low_half = left_.starts_with('w');
	if (!low_half && !left_.starts_with('r'))
		return std::nullopt;
	unsigned number = 16;
	const auto [end, error] = std::from_chars(left_.data() + 1, left_.data() + left_.size(), number);
	if (error == std::errc{} && number < 16) {
		left_.remove_prefix(static_cast<std::size_t>(end - left_.data()));
		if (left_.empty() || !of_word(left_.front()))
			return reg{static_cast<sockops::u8>(number), low_half};
	}
	left_ = before;
	return std::nullopt;
}

reg cursor::expect_reg() {
	const auto found = accept_reg();
	return found ? *found : (fail("expected a register, r0 to r15 or w0 to w15"), reg{});
}

std::optional<std::string> cursor::accept_name() {
	skip_spaces();
	std::size_t length = 0;
	while (length < left_.size() && of_word(left_[length]))
		++length;
	if (length == 0 || std::isdigit(static_cast<unsigned char>(left_.front())))
		return std::nullopt;
	const std::string name(left_.substr(0, length));
	left_.remove_prefix(length);
	return name;
}

std::optional<sockops::u64> cursor::accept_number() {
	skip_spaces();
	const std::string_view before = left_;
	const bool negative = accept("-");
	if (!negative)
		accept("+");
	const int base = accept("0x") ? 16 : 10;
	skip_spaces();
	sockops::u64 number = 0;
	const auto [end, error] = std::from_chars(left_.data(), left_.data() + left_.size(), number, base);
	if (error != std::errc{}) {
		left_ = before;
		return std::nullopt;
	}
	left_.remove_prefix(static_cast<std::size_t>(end - left_.data()));
	return negative ? 0 - number : number;
}

sockops::u64 cursor::expect_number() {
	const auto found = accept_number();
	return found ? *found : (fail("expected a number"), 0);
}

void cursor::fail(const std::string& what) const {
	throw std::runtime_error("'" + std::string(whole_) + "': " + what + " before '" + rest() + "'");
}

} // namespace isa
