// SPDX-License-Identifier: MIT
// Members, elements and numbers by their BTF.
#include <sockops/object/typed_value.hpp>

#include <cerrno>
#include <cstring>
#include <ostream>

#include "../object_failure.hpp"
#include "btf_types.hpp"
#include "scalar.hpp"

namespace sockops {

using namespace object;

namespace {

std::string named(const btf_ptr& types, u32 type) {
	const std::string words = types ? type_in_words(*types, type) : "";
	return !types          ? "bytes of no known type (the object was compiled without -g)"
		   : words.empty() ? "bytes of no known type"
						   : "a " + words;
}

[[noreturn]] void fail_no_member(const std::string& type, std::string_view member,
								 const std::vector<found_member>& there) {
	std::string message = type + " has no member '" + std::string(member) + "'";
	for (const found_member& each : there)
		message += (&each == &there.front() ? "; its members are " : ", ") + each.name;
	fail_object(ENOENT, message);
}

} // namespace

std::string typed_value::type_name() const { return types_ ? type_in_words(*types_, type_) : std::string(); }

typed_value typed_value::operator[](std::string_view member) const {
	const std::vector<found_member> there = types_ ? members_of(*types_, type_) : std::vector<found_member>();
	for (const found_member& each : there) {
		if (each.name != member)
			continue;
		const u32 from = each.bit_offset / 8;
		const u32 in_byte = each.bit_offset % 8;
		const u32 declared = size_of_type(*types_, each.type);
		const u32 size = each.bit_size ? (in_byte + each.bit_size + 7) / 8 : declared;
		if (from > bytes_.size() || size > bytes_.size() - from)
			fail_object(EINVAL, "member '" + each.name + "' of " + named(types_, type_) +
									" lies beyond its " + std::to_string(bytes_.size()) + " bytes");
		// A flexible array takes what is left.
		const bool is_open = size == 0 && each.bit_size == 0;
		typed_value found(types_, each.type, bytes_.subspan(from, is_open ? std::dynamic_extent : size),
						  writable_, owner_);
		found.bit_offset_ = each.bit_size ? in_byte : 0;
		found.bit_size_ = each.bit_size;
		return found;
	}
	fail_no_member(named(types_, type_), member, there);
}

typed_value typed_value::element(std::size_t index) const {
	const ::btf_type* const type = types_ ? type_at(*types_, without_modifiers(*types_, type_)) : nullptr;
	if (!type || !::btf_is_array(type))
		fail_object(EINVAL,
					named(types_, type_) + " is no array: it has no element " + std::to_string(index));
	const u32 element_type = ::btf_array(type)->type;
	const std::size_t size = size_of_type(*types_, element_type);
	const std::size_t count = size ? bytes_.size() / size : 0;
	if (index >= count)
		fail_object(E2BIG, "element " + std::to_string(index) + " of " + named(types_, type_) +
							   ", which has " + std::to_string(count));
	return typed_value(types_, element_type, bytes_.subspan(index * size, size), writable_, owner_);
}

bool typed_value::is_number(s64 value, bool is_signed) const {
	const scalar_number mine = read_scalar(types_.get(), type_, bytes_, bit_offset_, bit_size_);
	return mine.bits == value && (value >= 0 || mine.is_signed == is_signed);
}

s64 typed_value::number(std::size_t room, bool is_signed) const {
	const scalar_number mine = read_scalar(types_.get(), type_, bytes_, bit_offset_, bit_size_);
	if (!fits(mine, static_cast<u32>(room * 8), is_signed))
		fail_object(ERANGE, in_words(mine) + " (a " + type_name() + ") does not fit into " +
								(is_signed ? "a signed" : "an unsigned") + " integer of " +
								std::to_string(room) + (room == 1 ? " byte" : " bytes"));
	return mine.bits;
}

void typed_value::set_number(s64 value, bool is_signed) {
	if (!writable_)
		fail_object(EPERM, "a value that may not be written: a copy, or a variable of .rodata after load()");
	const scalar_type type = scalar_of(types_.get(), type_, bytes_.size());
	const u32 bits = bit_size_ ? bit_size_ : type.bits;
	if (!fits({value, is_signed}, bits, type.is_signed))
		fail_object(ERANGE, in_words({value, is_signed}) + " does not fit into " + named(types_, type_) +
								" of " + std::to_string(bits) + " bits");
	write_bits(bytes_, bit_offset_, bits, static_cast<u64>(value));
}

void typed_value::copy_out(void* to, std::size_t size) const {
	if (size != bytes_.size() || bit_size_)
		fail_object(EINVAL, named(types_, type_) + " of " + std::to_string(bytes_.size()) +
								" bytes is read as " + std::to_string(size) + " bytes");
	std::memcpy(to, bytes_.data(), size);
}

void typed_value::copy_in(const void* from, std::size_t size) {
	if (!writable_)
		fail_object(EPERM, "a value that may not be written: a copy, or a variable of .rodata after load()");
	if (size != bytes_.size() || bit_size_)
		fail_object(EINVAL, named(types_, type_) + " of " + std::to_string(bytes_.size()) +
								" bytes is set from " + std::to_string(size) + " bytes");
	std::memcpy(bytes_.data(), from, size);
}

std::string typed_value::string() const {
	const auto* const from = reinterpret_cast<const char*>(bytes_.data());
	return std::string(from, ::strnlen(from, bytes_.size()));
}

void PrintTo(const typed_value& value, std::ostream* out) { *out << value.text(); }

} // namespace sockops
