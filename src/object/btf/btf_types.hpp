// SPDX-License-Identifier: MIT
// Small questions to BTF, answered also where a file gives nonsense: an id or a string that is not there is
// nullptr or "".
#pragma once

#include <string>
#include <vector>

#include <sockops/object/typed_value.hpp>

#include "../libbpf/libbpf.hpp"

namespace sockops::object {

/// The type of an id; nullptr for void and for what is not there.
[[nodiscard]] const ::btf_type* type_at(const ::btf& types, u32 id) noexcept;
/// A string by its offset; "" if it is not there.
[[nodiscard]] const char* name_at(const ::btf& types, u32 offset) noexcept;
/// The id without const, volatile, typedef and the like.
[[nodiscard]] u32 without_modifiers(const ::btf& types, u32 id) noexcept;
/// Is it an array of char, that is a text? One of arrays of char is none.
[[nodiscard]] bool is_char_array(const ::btf& types, u32 id) noexcept;
/// Bytes; 0 if it has no size.
[[nodiscard]] u32 size_of_type(const ::btf& types, u32 id) noexcept;
/// "struct conn", "u32", "char[16]", "struct sock *"; "" for void.
[[nodiscard]] std::string type_in_words(const ::btf& types, u32 id);
/// 0 if there is none of that kind.
[[nodiscard]] u32 find_type(const ::btf& types, const std::string& name, u32 kind) noexcept;
/// "struct event", "union x", "enum e", or the name of a typedef or an integer; 0 if there is none.
[[nodiscard]] u32 type_by_words(const ::btf& types, std::string_view words);

/// A member of a struct or union, those of unnamed members within it included.
struct found_member {
	std::string name;
	u32 type = 0;
	u32 bit_offset = 0; ///< from the beginning of the struct
	u32 bit_size = 0;   ///< of a bit field; 0: it is none
};
/// In the order of the declaration.
[[nodiscard]] std::vector<found_member> members_of(const ::btf& types, u32 id);

/// A global variable, by its place in a section.
struct section_variable {
	std::string name;
	u32 type;         ///< of BTF; 0: it is not known
	u64 offset, size; ///< bytes
};
/// Of a DATASEC, in its order; of another type none.
[[nodiscard]] std::vector<section_variable> variables_of(const ::btf& types, u32 id);

/// A copy; empty if the bytes are no BTF, or without memory.
[[nodiscard]] btf_ptr copy_of(const ::btf& types);
[[nodiscard]] btf_ptr parse_btf(const void* data, u32 size);

} // namespace sockops::object
