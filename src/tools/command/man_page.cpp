// SPDX-License-Identifier: MIT
// The page for man(1), in the language of man(7).
#include <algorithm>

#include <sockops/version.hpp>

#include "command.hpp"
#include "layout.hpp"
#include "words.hpp"

namespace sockops::tools {

namespace {

/// As it is printed; a '-' is one that can be copied.
std::string escaped(std::string_view text) {
	std::string all;
	for (const char c : text)
		switch (c) {
		case '\\':
			all += "\\e";
			break;
		case '-':
			all += "\\-";
			break;
		case '\'':
			all += "\\(aq";
			break;
		case '`':
			all += "\\(ga";
			break;
		case '^':
			all += "\\(ha";
			break;
		case '~':
			all += "\\(ti";
			break;
		default:
			all += c;
		}
	return all;
}

/// Lines of a text that is marked already. A '.' at the beginning of one is no request.
std::string lines(std::string_view text) {
	std::string all = filled(text, 0, 80 - 2);
	for (std::size_t at = 0; at < all.size(); at = all.find('\n', at) + 1)
		if (all[at] == '.')
			all.insert(at, "\\&");
	return all;
}

std::string bold(std::string_view text) { return in_a_row({"\\fB", escaped(text), "\\fR"}); }
std::string italic(std::string_view text) { return in_a_row({"\\fI", escaped(text), "\\fR"}); }

bool is_of_name(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// Options of the command are bold, and values of options italic, wherever they are named.
class marker {
  public:
	explicit marker(const command& of) {
		for (const option& each : of.options) {
			for (const std::string_view name : names_of(each))
				options_.push_back(name);
			add_values(each.value);
		}
		for (const std::string_view each : of.synopsis)
			add_values(each);
	}

	[[nodiscard]] std::string operator()(std::string_view text) const {
		std::string all;
		while (!text.empty()) {
			const bool begins = all.empty() || !is_of_name(before_);
			const std::size_t size = begins ? word_size(text) : 0;
			const std::string_view word = text.substr(0, std::max<std::size_t>(1, size));
			if (size > 0 && has(options_, word))
				all += bold(word);
			else if (size > 0 && has(values_, word))
				all += italic(word);
			else
				all += escaped(word);
			before_ = word.back();
			text.remove_prefix(word.size());
		}
		return all;
	}

  private:
	/// A word, with the '-' that it begins with or has within.
	static std::size_t word_size(std::string_view text) {
		std::size_t size = 0;
		while (size < text.size() && (is_of_name(text[size]) || text[size] == '-' || text[size] == '_'))
			++size;
		return size;
	}
	static bool has(const std::vector<std::string_view>& all, std::string_view one) {
		return std::ranges::find(all, one) != all.end();
	}
	/// Words in upper case.
	void add_values(std::string_view text) {
		while (!text.empty()) {
			const std::size_t size = word_size(text);
			const std::string_view word = text.substr(0, size);
			if (size > 1 && std::ranges::all_of(word, [](char c) { return c >= 'A' && c <= 'Z'; }))
				values_.push_back(word);
			text.remove_prefix(std::max<std::size_t>(1, size));
		}
	}

	std::vector<std::string_view> options_, values_;
	mutable char before_ = ' ';
};

std::string prose(const marker& marked, std::string_view text) {
	std::string all;
	for (const std::string_view each : paragraphs_of(text))
		all += in_a_row({all.empty() ? "" : ".PP\n", lines(marked(each))});
	return all;
}

std::string upper_case(std::string_view text) {
	std::string all(text);
	std::ranges::transform(all, all.begin(),
						   [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
	return all;
}

std::string option_entry(const marker& marked, const option& of) {
	std::string head;
	for (const std::string_view name : names_of(of))
		head += in_a_row({head.empty() ? "" : ", ", bold(name)});
	if (!of.value.empty())
		head += in_a_row({" ", marked(of.value)});
	return in_a_row({".TP\n", head, "\n", lines(marked(of.text))});
}

} // namespace

std::string man_page(const command& of) {
	const marker marked(of);
	std::string page =
		in_a_row({".\\\" Written by ", of.name, " --generate man.\n.TH ", upper_case(of.name),
				  " 1 \"\" \"sockops ", library_version(), "\" \"User Commands\"\n.ad l\n.nh\n.SH NAME\n",
				  of.name, "\n\\- ", escaped(of.purpose), "\n.SH SYNOPSIS\n"});
	for (const std::string_view each : of.synopsis)
		page += in_a_row({".SY ", of.name, "\n", lines(marked(each)), ".YS\n"});
	page += in_a_row({".SH DESCRIPTION\n", prose(marked, of.description), ".SH OPTIONS\n"});
	for (const option& each : of.options)
		page += option_entry(marked, each);
	for (const section& each : of.sections) {
		page += in_a_row({".SH ", upper_case(each.title), "\n", prose(marked, each.text)});
		for (const item& one : each.items)
			page += in_a_row({".TP\n", bold(one.term), "\n", lines(marked(one.text))});
		if (!each.behind.empty())
			page += in_a_row({".PP\n", prose(marked, each.behind)});
	}
	std::string others;
	for (const std::string_view each : of.see_also)
		others += in_a_row({others.empty() ? "" : ",\n", ".BR ", each, " (1)"});
	if (!others.empty())
		page += in_a_row({".SH SEE ALSO\n", others, "\n"});
	return page;
}

} // namespace sockops::tools
