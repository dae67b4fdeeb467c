// SPDX-License-Identifier: MIT
// A value by its BTF type, written in one style or another: as C (typed_text.cpp), as JSON (typed_json.cpp).
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "btf_types.hpp"
#include "scalar.hpp"

namespace sockops::object {

/// How each kind of value looks, its parts being written already.
struct value_style {
	virtual std::string bytes(std::span<const std::byte> raw) const = 0;  ///< of no known type
	virtual std::string text(std::span<const std::byte> chars) const = 0; ///< an array of char
	virtual std::string number(const scalar_number& value) const = 0;
	virtual std::string boolean(bool value) const = 0;
	virtual std::string enumerator(const std::string& name) const = 0;
	virtual std::string pointer(u64 address) const = 0;
	virtual std::string floating(double value) const = 0;
	/// `cut`: there are more, and the text would be too long.
	virtual std::string members(const std::vector<std::pair<std::string, std::string>>& all,
								bool cut) const = 0;
	virtual std::string elements(const std::vector<std::string>& all) const = 0;
	virtual std::string not_there() const = 0; ///< a member that lies beyond the bytes

  protected:
	~value_style() = default;
};

struct value_place {
	const ::btf& types;
	u32 type;
	std::span<const std::byte> bytes;
	u32 bit_offset = 0, bit_size = 0; ///< of a bit field
	u32 depth = 0;                    ///< of values within values
};

[[nodiscard]] std::string write_value(const value_place& at, const value_style& style);

} // namespace sockops::object
