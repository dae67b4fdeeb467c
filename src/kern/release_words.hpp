// SPDX-License-Identifier: MIT
// Releases of Linux as text.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include <sockops/kern/kernel_release.hpp>

namespace sockops::detail {

/// "5.15".
inline std::string release_in_words(kernel_release of) {
	return std::to_string(major_of(of)).append(".").append(std::to_string(minor_of(of)));
}

/// Of "5.15"; nullopt: no release from the first to the one that is modelled is called so.
inline std::optional<kernel_release> release_of_words(std::string_view words) noexcept {
	u8 major = 0, minor = 0;
	const char* const end = words.data() + words.size();
	const auto [dot, error] = std::from_chars(words.data(), end, major);
	if (error != std::errc() || dot == end || *dot != '.')
		return std::nullopt;
	const auto [last, minor_error] = std::from_chars(dot + 1, end, minor);
	const kernel_release which = release(major, minor);
	// "5.05" is none: no two words mean one release
	return minor_error == std::errc() && last == end && is_release(which) && release_in_words(which) == words
			   ? std::optional(which)
			   : std::nullopt;
}

/// What is to be said of words that are none.
inline std::string release_remedy() {
	return "a release is MAJOR.MINOR, from " + release_in_words(first_release) +
		   ", the first with sock_ops programs, to " + release_in_words(modelled_release) +
		   ", the one that is modelled";
}

} // namespace sockops::detail
