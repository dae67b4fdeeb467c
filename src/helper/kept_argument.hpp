// SPDX-License-Identifier: MIT
// What both faces of a rule have for an argument that is kept until the rule is called.
#pragma once

namespace sockops::helper {

template <class T>
struct kept_argument {
	T value;
	kept_argument() noexcept {} // NOLINT: take() sets it
	T get() const noexcept { return value; }
};

/// A number: of the register's word, what its type holds.
template <class T>
struct kept_number : kept_argument<T> {
	bool take(auto& cursor) noexcept {
		this->value = static_cast<T>(cursor.take());
		return true;
	}
};

/// What Given is, or NULL.
template <class Given>
struct optional_argument {
	Given given;
	bool is_null;

	bool take(auto& cursor) noexcept {
		is_null = cursor.r[cursor.next] == 0;
		return is_null ? ++cursor.next : given.take(cursor);
	}
	auto get() noexcept { return is_null ? nullptr : &given.get(); }
};

} // namespace sockops::helper
