// SPDX-License-Identifier: MIT
// Values as C and JSON write them, into bytes by their type.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include <sockops/object/typed_value.hpp>

#include "../object_failure.hpp"
#include "../value_path.hpp"
#include "btf_types.hpp"
#include "number_words.hpp"
#include "quoted_text.hpp"

namespace sockops {

using namespace object;

namespace {

[[noreturn]] void refuse(const std::string& why) { fail_object(EINVAL, why); }

std::string quoted(std::string_view text) {
	std::string all = "'";
	(all += text) += '\'';
	return all;
}

bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n'; }
bool is_word(char c) noexcept {
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::string_view trimmed(std::string_view text) {
	while (!text.empty() && is_space(text.front()))
		text.remove_prefix(1);
	while (!text.empty() && is_space(text.back()))
		text.remove_suffix(1);
	return text;
}

} // namespace

namespace object {

/// Reads one value after the other from the front of a text; and writes it, or compares it with what is
/// there.
class value_reader {
  public:
	explicit value_reader(std::string_view text, bool only_compares = false)
		: whole_(trimmed(text)), rest_(whole_), only_compares_(only_compares) {}

	/// Of all that was compared.
	bool is_same() const noexcept { return is_same_; }
	/// What the text said nothing of.
	const std::string& left_out() const noexcept { return left_out_; }
	static typed_value zero(const typed_value& of_object, std::string_view type) {
		const u32 id = of_object.types_ ? type_by_words(*of_object.types_, type) : 0;
		if (id == 0)
			fail_object(ENOENT, "the object has no type " + quoted(type));
		const auto owner = std::make_shared<std::vector<std::byte>>(size_of_type(*of_object.types_, id));
		return typed_value(of_object.types_, id, *owner, false, owner);
	}

	void read_all(typed_value into) {
		const std::vector<std::byte> bytes = hex_bytes(whole_);
		if (!bytes.empty() && bytes.size() == into.bytes_.size())
			return put_bytes(into, bytes.data(), bytes.size());
		if (!bytes.empty())
			refuse(quoted(whole_) + " are " + std::to_string(bytes.size()) + " bytes, and it has " +
				   std::to_string(into.bytes_.size()));
		if (whole_ == "_" && take_any())
			return;
		if (is_char_array(into) && !rest_.starts_with('"') && !rest_.starts_with('{') &&
			!rest_.starts_with('['))
			return put_text(into, rest_);
		read(into);
		if (!rest_.empty())
			refuse(quoted(whole_) + ": nothing comes after the value, and there is " + quoted(rest_));
	}

  private:
	static const ::btf_type* type_of(const typed_value& value) {
		return value.types_ ? type_at(*value.types_, without_modifiers(*value.types_, value.type_)) : nullptr;
	}
	static bool is_char_array(const typed_value& value) {
		return value.types_ && sockops::is_char_array(*value.types_, value.type_);
	}

	/// What an opening mark is closed by, if one comes; else 0.
	char opened() {
		const char mark = rest_.empty() ? '\0' : rest_.front();
		if (mark != '{' && mark != '[')
			return '\0';
		skip(1);
		return mark == '{' ? '}' : ']';
	}
	void skip(std::size_t count) {
		rest_.remove_prefix(count);
		while (!rest_.empty() && is_space(rest_.front()))
			rest_.remove_prefix(1);
	}
	bool take(char mark) {
		const bool is_there = rest_.starts_with(mark);
		if (is_there)
			skip(1);
		return is_there;
	}
	/// Between items, and at the end of them: false.
	bool goes_on(char close) {
		if (take(close))
			return false;
		if (!take(','))
			refuse(quoted(whole_) + ": a ',' or '" + close + "' is missing before " +
				   (rest_.empty() ? "its end" : quoted(rest_)));
		return !take(close);
	}

	/// What may be anything, where values are compared.
	bool take_any() {
		const bool is_any =
			only_compares_ && rest_.starts_with('_') && (rest_.size() == 1 || !is_word(rest_[1]));
		if (is_any)
			skip(1);
		return is_any;
	}

	/// Of two values that are compared, the one in the text is written to a copy of the other: bits that the
	/// text says nothing of are the same then.
	template <class Write>
	void put(typed_value& into, Write&& write) {
		if (!only_compares_)
			return write(into);
		std::vector<std::byte> copy(into.bytes_.begin(), into.bytes_.end());
		typed_value other = into;
		other.bytes_ = copy;
		other.writable_ = true;
		write(other);
		is_same_ &= std::ranges::equal(copy, into.bytes_);
	}
	void put_bytes(typed_value& into, const void* from, std::size_t size) {
		put(into, [&](typed_value& to) { to.copy_in(from, size); });
	}

	void read(typed_value into) {
		const ::btf_type* const type = type_of(into);
		if (take_any())
			return;
		if (type && (::btf_is_struct(type) || ::btf_is_union(type)))
			read_members(into);
		else if (is_char_array(into) && rest_.starts_with('"'))
			put_text(into, take_string());
		else if (type && ::btf_is_array(type))
			read_elements(into);
		else if (!type && (rest_.starts_with('{') || rest_.starts_with('[')))
			read_bytes(into);
		else
			read_number(into, type);
	}

	void read_members(typed_value into) {
		const char close = opened();
		if (close == '\0')
			refuse(quoted(rest_) + " is no value for " + into.type_name() +
				   ": one is {1, 2} or {\"member\": 1}" + "; members that are not named stay as they are");
		const std::vector<found_member> members = members_of(*into.types_, into.type_);
		std::vector<found_member> said;
		std::size_t next = 0;
		for (bool more = !take(close); more; more = goes_on(close)) {
			if (const std::string name = take_name(); !name.empty()) {
				read(into[std::string_view(name)]);
				const auto named = std::ranges::find(members, name, &found_member::name);
				next = static_cast<std::size_t>(named - members.begin()) + 1;
			} else if (next == members.size())
				refuse(quoted(whole_) + ": " + into.type_name() + " has " + std::to_string(members.size()) +
					   " members, and no place for " + quoted(rest_));
			else
				read(into[std::string_view(members[next++].name)]);
			if (next != 0 && next <= members.size())
				said.push_back(members[next - 1]);
		}
		note_left_out(*into.types_, members, said);
	}

	/// One of a union's members says what the others are.
	void note_left_out(const ::btf& types, const std::vector<found_member>& members,
					   const std::vector<found_member>& said) {
		const auto end = [&](const found_member& of) {
			return of.bit_offset + (of.bit_size ? of.bit_size : size_of_type(types, of.type) * 8);
		};
		for (const found_member& each : members) {
			const bool is_said = std::ranges::any_of(said, [&](const found_member& other) {
				return other.bit_offset < end(each) && each.bit_offset < end(other);
			});
			if (!each.name.empty() && !is_said && end(each) != each.bit_offset)
				left_out_.append(left_out_.empty() ? "" : ", ").append(each.name);
		}
	}

	/// Of a member, with what comes between it and its value: "member": / .member = / member = / member:
	std::string take_name() {
		std::size_t at = rest_.find_first_not_of("\".");
		const std::size_t begin = at == rest_.npos ? rest_.size() : at;
		std::size_t end = begin;
		while (end < rest_.size() && is_word(rest_[end]))
			++end;
		at = rest_.find_first_not_of("\" \t", end);
		if (begin > 1 || begin == end || at == rest_.npos || (rest_[at] != ':' && rest_[at] != '='))
			return {};
		std::string name(rest_.substr(begin, end - begin));
		skip(at + 1);
		return name;
	}

	void read_elements(typed_value into) {
		const char close = opened();
		if (close == '\0')
			refuse(quoted(rest_) + " is no value for " + into.type_name() + ": one is {1, 2} or [1, 2]" +
				   (is_char_array(into) ? " or \"text\"" : ""));
		std::size_t next = 0;
		for (bool more = !take(close); more; more = goes_on(close))
			read(into[next++]);
		if (next < ::btf_array(type_of(into))->nelems)
			left_out_.append(left_out_.empty() ? "[" : ", [").append(std::to_string(next)).append("]");
	}

	void read_bytes(typed_value into) {
		const char close = opened();
		std::vector<std::byte> bytes;
		for (bool more = !take(close); more; more = goes_on(close)) {
			if (bytes.size() < into.bytes_.size() && take_any()) {
				bytes.push_back(into.bytes_[bytes.size()]);
				continue;
			}
			const std::string_view word = take_word();
			const auto number = integer_of(word);
			if (!number || number->is_negative || number->bits > 255)
				refuse(quoted(word) + " is no byte: a number from 0 to 255 is");
			bytes.push_back(std::byte{static_cast<u8>(number->bits)});
		}
		put_bytes(into, bytes.data(), bytes.size());
	}

	std::string_view take_word() {
		const std::string_view word = trimmed(rest_.substr(0, rest_.find_first_of(",}]")));
		skip(std::min(rest_.size(), rest_.find_first_of(",}]")));
		return word;
	}

	void read_number(typed_value into, const ::btf_type* type) {
		const bool is_enum = type && ::btf_is_any_enum(type);
		const std::string in_quotes = is_enum && rest_.starts_with('"') ? take_string() : std::string();
		const std::string_view word = in_quotes.empty() ? take_word() : in_quotes;
		std::optional<integer> number = integer_of(word);
		if (u64 bits = 0; !number && is_enum && enumerator(*into.types_, type, word, bits))
			number = integer{bits, ::btf_kflag(type) && static_cast<s64>(bits) < 0};
		if (!number && type && !is_enum)
			number = enumerator_of_any(*into.types_, word);
		if (!number && !type)
			refuse(quoted(word) + " is no value for " + std::to_string(into.bytes_.size()) +
				   " bytes of no known type: a number is (12, 0x1f), and bytes, 0a 00 00 01");
		if (!number)
			refuse(quoted(word) + " is no value for " + into.type_name() +
				   ": a number (12, -3, 0x1f), true and false are" +
				   (is_enum ? ", and the names of its enumerators" : ""));
		put(into, [&](typed_value& to) {
			if (number->is_negative)
				to.set(static_cast<s64>(number->bits));
			else
				to.set(number->bits);
		});
	}

	std::string take_string() {
		quoted_text read = read_quoted(rest_);
		skip(read.length);
		return std::move(read.text);
	}

	void put_text(typed_value into, std::string_view text) {
		const std::size_t room = into.bytes_.size();
		if (text.size() >= room)
			refuse(quoted(text) + " has " + std::to_string(text.size()) +
				   " characters, and there is room for " + std::to_string(room ? room - 1 : 0) +
				   " and the NUL");
		if (only_compares_) { // what stands behind the NUL is no part of a text
			is_same_ &= into.string() == text;
			return;
		}
		std::string all(text);
		all.resize(room);
		into.copy_in(all.data(), all.size());
	}

	const std::string_view whole_;
	std::string_view rest_;
	const bool only_compares_;
	bool is_same_ = true;
	std::string left_out_;
};

} // namespace object

bool object::value_matches(const typed_value& value, std::string_view text) {
	value_reader reader(text, true);
	reader.read_all(value);
	return reader.is_same();
}

std::string object::left_out(const typed_value& of, std::string_view text) {
	value_reader reader(text, true);
	reader.read_all(of);
	return reader.left_out();
}

typed_value object::zero_of_type(const typed_value& of_object, std::string_view type) {
	return value_reader::zero(of_object, type);
}

void typed_value::set_text(std::string_view text) { value_reader(text).read_all(*this); }

} // namespace sockops
