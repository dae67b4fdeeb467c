// SPDX-License-Identifier: MIT
#include "tracefile.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <map>

#include "../object_failure.hpp"
#include "program_coverage.hpp"

namespace sockops::object {

namespace {

using number = std::optional<u64>;

number number_of(std::string_view text) {
	u64 value = 0;
	const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
	return error == std::errc() && end == text.data() + text.size() ? number(value) : number();
}

class tracefile_reader {
  public:
	tracefile_reader(std::string_view text, const std::string& name) : rest_(text), name_(name) {}

	coverage::file_map read() {
		while (!rest_.empty()) {
			const std::size_t end = std::min(rest_.find('\n'), rest_.size());
			line_ = rest_.substr(0, end);
			rest_.remove_prefix(std::min(end + 1, rest_.size()));
			++number_;
			if (!line_.empty() && line_.back() == '\r')
				line_.remove_suffix(1);
			if (!line_.empty())
				take_line();
		}
		if (in_file_)
			fail("it ends within a file: 'end_of_record' is missing");
		return std::move(files_);
	}

  private:
	[[noreturn]] void
	fail(const std::string& why,
		 const char* remedy = "name a file of lcov 1.x, or one that is not there yet") const {
		fail_object(EINVAL, name_ + ":" + std::to_string(number_) + ": " + why + "; " + remedy);
	}
	[[noreturn]] void fail_with_lcov_2() const {
		fail("'" + std::string(line_.substr(0, 60)) + "' is of lcov 2, and files of 1.x have no words for it",
			 "name one that is not there yet: lcov -a FILE -a OTHER adds them up");
	}

	void take_line() {
		if (line_ == "end_of_record")
			return end_file();
		const std::size_t colon = line_.find(':');
		if (colon == line_.npos)
			fail("'" + std::string(line_.substr(0, 60)) + "' is no record of a tracefile");
		const std::string_view key = line_.substr(0, colon), value = line_.substr(colon + 1);
		if (key == "TN")
			test_ = value;
		else if (key == "SF")
			begin_file(value);
		else if (!in_file_)
			fail("'" + std::string(key) + "' outside of a file (SF)");
		else if (!take(key, value))
			fail("'" + std::string(line_.substr(0, 60)) + "' is not understood");
	}

	void begin_file(std::string_view path) {
		if (in_file_ || path.empty())
			fail("a file (SF) within a file, or without a name");
		in_file_ = true;
		path_ = path;
		now_ = {};
		lines_of_functions_.clear();
	}
	void end_file() {
		if (!in_file_)
			fail("'end_of_record' outside of a file (SF)");
		in_file_ = false;
		add_to(files_[{test_, path_}], now_);
	}

	/// What stands in a file; false: it does not stand so.
	bool take(std::string_view key, std::string_view value) {
		if (key == "DA")
			return take_line_count(value);
		if (key == "FN")
			return take_function(value);
		if (key == "FNDA")
			return take_function_count(value);
		if (key == "FNL")
			return take_numbered_function(value);
		if (key == "FNA")
			return take_name_of_numbered(value);
		if (key == "BRDA")
			return take_branch(value);
		if (key == "MCDC" || key == "MCF" || key == "MCH" || key == "VER")
			fail_with_lcov_2();
		constexpr std::array sums{"FNF", "FNH", "LF", "LH", "BRF", "BRH"}; // which follow from the others
		return std::ranges::find(sums, key) != sums.end() && number_of(value);
	}

	/// Up to the next comma, which is taken away, too.
	static std::string_view next(std::string_view& from) {
		const std::size_t end = std::min(from.find(','), from.size());
		const std::string_view word = from.substr(0, end);
		from.remove_prefix(std::min(end + 1, from.size()));
		return word;
	}

	/// A checksum of the line may follow, of which nothing is kept.
	bool take_line_count(std::string_view value) {
		const number line = number_of(next(value)), count = number_of(next(value));
		if (!line || *line > ~u32{0} || !count)
			return false;
		now_.lines[static_cast<u32>(*line)] += *count;
		return true;
	}
	/// That of lcov 2.0 has the last line before the name.
	bool take_function(std::string_view value) {
		const number line = number_of(next(value));
		if (std::string_view rest = value; number_of(next(rest)) && !rest.empty())
			value = rest;
		if (!line || *line > ~u32{0} || value.empty())
			return false;
		now_.functions[std::string(value)].line = static_cast<u32>(*line);
		return true;
	}
	bool take_function_count(std::string_view value) {
		const number count = number_of(next(value));
		if (!count || value.empty())
			return false;
		now_.functions[std::string(value)].count += *count;
		return true;
	}
	/// Of lcov 2.2: a number, the first line, maybe the last one; and by that number its names.
	bool take_numbered_function(std::string_view value) {
		const number function = number_of(next(value)), line = number_of(next(value));
		if (!function || !line || *line > ~u32{0} || (!value.empty() && !number_of(value)))
			return false;
		lines_of_functions_[*function] = static_cast<u32>(*line);
		return true;
	}
	bool take_name_of_numbered(std::string_view value) {
		const number function = number_of(next(value)), count = number_of(next(value));
		if (!function || !count || value.empty() || !lines_of_functions_.contains(*function))
			return false;
		coverage::function& named = now_.functions[std::string(value)];
		named = {lines_of_functions_[*function], named.count + *count};
		return true;
	}
	/// lcov 2 marks exceptions by an 'e' before the block, and may have an expression as the outcome.
	bool take_branch(std::string_view value) {
		const number line = number_of(next(value));
		const std::string_view block_text = next(value), outcome_text = next(value);
		const number block = number_of(block_text), outcome = number_of(outcome_text),
					 count = number_of(value);
		if (line && (block_text.starts_with('e') || (block && !outcome && !value.empty())))
			fail_with_lcov_2();
		if (!line || *line > ~u32{0} || !block || !outcome || (!count && value != "-"))
			return false;
		now_.branches[{static_cast<u32>(*line), *block, *outcome}] = count;
		return true;
	}

	std::string_view rest_, line_;
	const std::string& name_;
	std::size_t number_ = 0;
	std::string test_, path_;
	bool in_file_ = false;
	coverage::file now_;
	std::map<u64, u32> lines_of_functions_; ///< by lcov 2's numbers
	coverage::file_map files_;
};

class tracefile_writer {
  public:
	std::string write(const coverage::file_map& files) {
		for (const auto& [key, file] : files) {
			record({"TN:", key.first});
			record({"SF:", key.second});
			write_functions(file);
			write_branches(file);
			write_lines(file);
			record({"end_of_record"});
		}
		return std::move(text_);
	}

  private:
	void record(std::initializer_list<std::string_view> parts) {
		for (const std::string_view each : parts)
			text_ += each;
		text_ += '\n';
	}
	void sums(std::string_view kind, std::size_t found, std::size_t hit) {
		record({kind, "F:", std::to_string(found)});
		record({kind, "H:", std::to_string(hit)});
	}

	void write_functions(const coverage::file& file) {
		std::size_t hit = 0;
		for (const auto& [name, function] : file.functions)
			record({"FN:", std::to_string(function.line), ",", name});
		for (const auto& [name, function] : file.functions) {
			record({"FNDA:", std::to_string(function.count), ",", name});
			hit += function.count != 0;
		}
		sums("FN", file.functions.size(), hit);
	}
	void write_branches(const coverage::file& file) {
		std::size_t hit = 0;
		for (const auto& [branch, count] : file.branches) {
			record({"BRDA:", std::to_string(branch.line), ",", std::to_string(branch.block), ",",
					std::to_string(branch.outcome), ",", count ? std::to_string(*count) : "-"});
			hit += count.value_or(0) != 0;
		}
		sums("BR", file.branches.size(), hit);
	}
	void write_lines(const coverage::file& file) {
		std::size_t hit = 0;
		for (const auto& [line, count] : file.lines) {
			record({"DA:", std::to_string(line), ",", std::to_string(count)});
			hit += count != 0;
		}
		sums("L", file.lines.size(), hit);
	}

	std::string text_;
};

} // namespace

std::string written_tracefile(const coverage::file_map& files) { return tracefile_writer().write(files); }

coverage::file_map read_tracefile(std::string_view text, const std::string& name) {
	return tracefile_reader(text, name).read();
}

} // namespace sockops::object
