// SPDX-License-Identifier: MIT
// Bytes and the BTF type that says what they are: a global variable, a map's key or value, a record.
//
//     value["conns"]["bytes"].as<u64>()      members by name
//     value[3].as<u32>()                     elements by index
//     value.text()                           "{packets = 3, peer = {port = 80}}"
//
// Context: any thread that may look at the bytes: those of a global variable programs may be writing to.
// Takes memory; not from a signal handler.
#pragma once

#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <sockops/kern/types.hpp>

struct btf;

namespace sockops {

/// The types of an object, kept by whatever refers to them.
using btf_ptr = std::shared_ptr<const ::btf>;

namespace object {
class value_reader;
}

class typed_value {
  public:
	/// `type`: an id of `types`; 0: not known, bytes without a name. `writable`: set() may be called. `owner`
	/// keeps the bytes alive.
	typed_value(btf_ptr types, u32 type, std::span<std::byte> bytes, bool writable,
				std::shared_ptr<const void> owner = {}) noexcept
		: types_(std::move(types)), type_(type), bytes_(bytes), writable_(writable),
		  owner_(std::move(owner)) {}

	/// The bytes themselves, as long as their owner keeps them.
	[[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }
	/// "struct conn"; "" if it is not known.
	[[nodiscard]] std::string type_name() const;

	/// A member of a struct or union, also of an unnamed one within it. Throws object_error, with the names
	/// of those that there are.
	[[nodiscard]] typed_value operator[](std::string_view member) const;
	typed_value operator[](const char* member) const { return (*this)[std::string_view(member)]; }
	/// An element of an array. Throws object_error beyond its end.
	template <class Index>
	requires std::is_integral_v<Index>
	[[nodiscard]] typed_value operator[](Index index) const {
		return element(static_cast<std::size_t>(index));
	}

	/// The value as a T. An integer (signed or not, of any size, a bit field, an enumeration, a bool) becomes
	/// any integer type that holds it; other types T have the size of the bytes. Throws object_error where
	/// not.
	template <class T>
	[[nodiscard]] T as() const {
		if constexpr (std::is_integral_v<T> || std::is_enum_v<T>)
			return static_cast<T>(number(sizeof(T), is_signed_number<T>()));
		else {
			static_assert(std::is_trivially_copyable_v<T>);
			T copy;
			copy_out(&copy, sizeof copy);
			return copy;
		}
	}
	/// A char array up to its NUL.
	[[nodiscard]] std::string string() const;

	/// Writes an integer (as the type it has), or a T of the same size. Throws object_error if it does not
	/// fit or may not be written.
	template <class T>
	void set(const T& value) {
		if constexpr (std::is_integral_v<T> || std::is_enum_v<T>)
			set_number(static_cast<s64>(value), is_signed_number<T>());
		else {
			static_assert(std::is_trivially_copyable_v<T>);
			copy_in(&value, sizeof value);
		}
	}

	/// Writes what C or JSON would write so: 12, -3, 0x1f, true, an enumerator's name; {1, 2}, [1, 2];
	/// {"member": 1}, {.member = 1}, {member = 1}; "text" of an array of char, with the escapes of JSON, \0
	/// and \x1f, and without quotes, too; and bytes, 0a 00 00 01, of any type. Members and elements that are
	/// not there stay as they are. Throws object_error.
	void set_text(std::string_view text);

	/// As C would write it, one line.
	[[nodiscard]] std::string text() const;
	/// As JSON, one line. A struct or union is an object (of its members' names), an array an array; an
	/// integer is exact, also beyond 2^53; an enumerator is its name, one without a name its number; an array
	/// of char is a string up to its NUL, or numbers if that is no UTF-8; bytes of no known type are numbers.
	[[nodiscard]] std::string json() const;

	/// Compares as a number: EXPECT_EQ(value["port"], 80) prints both; one that no T holds is not equal.
	template <class T>
	requires(std::is_integral_v<T> || std::is_enum_v<T>) friend bool operator==(const typed_value& value,
																				T expected) {
		return value.is_number(static_cast<s64>(expected), is_signed_number<T>());
	}

  private:
	friend class object::value_reader;

	template <class T>
	static constexpr bool is_signed_number() noexcept {
		if constexpr (std::is_enum_v<T>)
			return std::is_signed_v<std::underlying_type_t<T>>;
		else
			return std::is_signed_v<T>;
	}
	typed_value element(std::size_t index) const;
	/// In `room` bytes, or an error; two's complement, which for u64 is its bits.
	s64 number(std::size_t room, bool is_signed) const;
	bool is_number(s64 value, bool is_signed) const;
	void set_number(s64 value, bool is_signed);
	void copy_out(void* to, std::size_t size) const;
	void copy_in(const void* from, std::size_t size);

	btf_ptr types_;
	u32 type_;
	std::span<std::byte> bytes_;
	bool writable_;
	std::shared_ptr<const void> owner_;
	u32 bit_offset_ = 0, bit_size_ = 0; ///< of a bit field: within bytes_; size 0: it is none
};

/// For GoogleTest.
void PrintTo(const typed_value& value, std::ostream* out);

} // namespace sockops
