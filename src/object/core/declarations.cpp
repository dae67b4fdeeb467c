// SPDX-License-Identifier: MIT
#include "declarations.hpp"

#include <cctype>
#include <stdexcept>

namespace sockops::object {
namespace {

bool is_word(char c) noexcept { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Words, numbers and single signs, one after the other.
class token_reader {
  public:
	explicit token_reader(std::string_view text) : rest_(text) { next(); }

	[[nodiscard]] std::string_view now() const noexcept { return now_; } ///< "" at the end
	std::string_view take() {
		const std::string_view taken = now_;
		next();
		return taken;
	}
	bool take_if(std::string_view token) {
		const bool is = now_ == token;
		if (is)
			next();
		return is;
	}
	void require(std::string_view token) {
		if (!take_if(token))
			fail(token);
	}
	[[noreturn]] void fail(std::string_view expected) const {
		std::string what("declarations: '");
		what.append(expected).append("' expected at '").append(now_).append("' before '");
		throw std::logic_error(what.append(rest_.substr(0, 30)).append("'"));
	}

  private:
	void next() {
		rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n"), rest_.size()));
		std::size_t length = rest_.empty() ? 0 : 1;
		while (length != 0 && length < rest_.size() && is_word(rest_[0]) && is_word(rest_[length]))
			++length;
		now_ = rest_.substr(0, length);
		rest_.remove_prefix(length);
	}

	std::string_view rest_, now_;
};

u32 round_up(u32 value, u32 to) noexcept { return (value + to - 1) / to * to; }

/// Gives members their places.
class layout {
  public:
	layout(const btf_writer& types, bool is_union) noexcept : types_(types), is_union_(is_union) {}

	void add(const std::string& name, int type) {
		const u32 align = types_.align_of(type);
		const u32 at = is_union_ ? 0 : round_up(end_, align * 8);
		fields_.push_back({name, type, at});
		grow(at + types_.size_of(type) * 8, align);
	}
	/// A unit of its type holds it whole. One without a name only takes room.
	void add_bits(const std::string& name, int type, u32 bits) {
		const u32 unit = types_.size_of(type) * 8;
		u32 at = is_union_ ? 0 : end_;
		if (at % unit + bits > unit)
			at = round_up(at, unit);
		if (!name.empty())
			fields_.push_back({name, type, at, bits});
		grow(at + bits, name.empty() ? 1 : types_.align_of(type));
	}
	int finish(btf_writer& to, std::string_view words, bool packed) const {
		return to.composite(words, round_up(round_up(end_, 8) / 8, packed ? 1 : align_), fields_);
	}

  private:
	void grow(u32 end, u32 align) noexcept {
		end_ = std::max(end_, end);
		align_ = std::max(align_, align);
	}

	const btf_writer& types_;
	const bool is_union_;
	std::vector<btf_field> fields_;
	u32 end_ = 0; ///< bits
	u32 align_ = 1;
};

class declaration_reader {
  public:
	declaration_reader(btf_writer& to, std::string_view text) : to_(to), tokens_(text) {}

	void all() {
		while (!tokens_.now().empty()) {
			if (tokens_.take_if("typedef"))
				type_definition();
			else if (tokens_.now() == "enum")
				enumeration();
			else
				base_type();
			tokens_.require(";");
		}
	}

  private:
	void type_definition() {
		const int type = base_type();
		to_.type_definition(tokens_.take(), type);
	}

	void enumeration() {
		tokens_.require("enum");
		const std::string_view name = tokens_.now() == "{" ? "" : tokens_.take();
		std::vector<std::pair<std::string, s64>> values;
		s64 value = 0;
		tokens_.require("{");
		while (!tokens_.take_if("}")) {
			const std::string each(tokens_.take());
			if (tokens_.take_if("=")) {
				const bool minus = tokens_.take_if("-");
				value = std::stoll(std::string(tokens_.take()), nullptr, 0) * (minus ? -1 : 1);
			}
			values.emplace_back(each, value++);
			tokens_.take_if(",");
		}
		to_.enumeration(name, values);
	}

	/// What stands before a declarator's stars.
	int base_type() {
		if (tokens_.now() == "struct" || tokens_.now() == "union") {
			const bool is_union = tokens_.take() == "union";
			std::string words = is_union ? "union" : "struct";
			if (tokens_.now() != "{")
				(words += ' ') += tokens_.take();
			if (tokens_.take_if("{"))
				return composite(words, is_union);
			return tokens_.now() == "*" ? to_.type(take_stars(words)) : known(words);
		}
		std::string words(tokens_.take());
		if (words == "enum")
			return known("enum " + std::string(tokens_.take()));
		while (words == "long" || words == "unsigned" || words == "short" || words == "signed" ||
			   words.ends_with(" unsigned") || words == "long long")
			(words += ' ') += tokens_.take();
		return tokens_.now() == "*" ? to_.type(take_stars(words)) : known(words);
	}

	std::string take_stars(std::string words) {
		words += ' ';
		while (tokens_.take_if("*"))
			words += '*';
		return words;
	}

	int known(const std::string& words) {
		const int found = to_.type(words);
		if (found == 0)
			tokens_.fail("a type that is known, not " + words);
		return found;
	}

	int composite(const std::string& words, bool is_union) {
		layout places(to_, is_union);
		while (!tokens_.take_if("}")) {
			const int type = base_type();
			if (tokens_.take_if(";")) {
				places.add("", type);
				continue;
			}
			do
				member(places, type);
			while (tokens_.take_if(","));
			tokens_.require(";");
		}
		return places.finish(to_, words, tokens_.take_if("packed"));
	}

	void member(layout& places, int type) {
		const std::string name = tokens_.now() == ":" ? "" : std::string(tokens_.take());
		if (tokens_.take_if(":"))
			return places.add_bits(name, type, number());
		if (tokens_.take_if("[")) {
			type = to_.array(type, number());
			tokens_.require("]");
		}
		places.add(name, type);
	}

	u32 number() { return static_cast<u32>(std::stoul(std::string(tokens_.take()))); }

	btf_writer& to_;
	token_reader tokens_;
};

} // namespace

void add_declarations(btf_writer& to, std::string_view text) { declaration_reader(to, text).all(); }

} // namespace sockops::object
