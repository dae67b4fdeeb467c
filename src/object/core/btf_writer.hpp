// SPDX-License-Identifier: MIT
// BTF, written type by type: each is added once, after those that it names.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sockops/kern/types.hpp>

#include "../libbpf/libbpf.hpp"

namespace sockops::object {

/// A member of a struct or union that is to be written.
struct btf_field {
	std::string name; ///< "": an unnamed struct or union
	int type;
	u32 bit_offset;
	u32 bit_size = 0; ///< of a bit field; 0: it is none
};

class btf_writer {
  public:
	explicit btf_writer(::btf* into);

	/// The id of a type by its words: "u32", "u8[16]", "struct sock *", "struct in6_addr", "possible_net_t",
	/// "long unsigned int". A struct behind a pointer that is not there yet is but declared. 0: void, or a
	/// type that is not there.
	int type(std::string_view words);
	/// The same of what a type's words have been said to be before; 0: nothing.
	[[nodiscard]] int known(std::string_view words) const noexcept;

	/// `words`: "struct tcphdr", "union in6_u"; "struct", "union": one without a name.
	int composite(std::string_view words, u32 size, std::span<const btf_field> fields);
	/// A struct whose members may overlap: those that do become an unnamed union, as C has it. In the order
	/// of their offsets; those at one place in the given one.
	int overlapping(std::string_view words, std::vector<btf_field> fields);
	/// `name` may be "": enumerators alone.
	int enumeration(std::string_view name, std::span<const std::pair<std::string, s64>> values);
	void type_definition(std::string_view name, int type);
	int array(int element, u32 count);
	int pointer(int to);
	/// A kfunc: the type of its result, and its parameters, type and name.
	void function(const std::string& name, std::string_view result,
				  std::span<const std::pair<std::string, std::string>> parameters);

	/// Bytes.
	[[nodiscard]] u32 size_of(int type) const noexcept;
	[[nodiscard]] u32 align_of(int type) const noexcept;

  private:
	btf_field choice_of(std::span<const btf_field> fields, u32 end);
	int add(std::string_view words);
	int declared(std::string_view words);
	int scalar(std::string_view words);

	::btf* btf_;
	std::map<std::string, int, std::less<>> ids_{{"void", 0}};
};

} // namespace sockops::object
