// SPDX-License-Identifier: MIT
#include "case_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>

#include "assembler.hpp"
#include "cursor.hpp"

namespace isa {

namespace {

std::string trimmed(const std::string& text) {
	const std::size_t first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
	return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

/// One file, line by line.
class file_reader {
  public:
	file_reader(const std::filesystem::path& path, std::vector<test_case>& into)
		: file_(path), name_(path.filename().string()), into_(into) {}

	void read() {
		for (std::string line; std::getline(file_, line);) {
			++line_;
			const std::string text = trimmed(line.substr(0, line.find('#')));
			if (!text.empty())
				take(text);
		}
		if (open_)
			fail("the last case has no 'expect'");
	}

  private:
	[[noreturn]] void fail(const std::string& what) const { throw std::runtime_error(place() + ": " + what); }
	std::string place() const { return name_ + ":" + std::to_string(line_); }

	void take(const std::string& text) {
		cursor in(text);
		if (in.accept_word("test"))
			return begin(trimmed(in.rest()));
		if (!open_)
			fail("'test <name>' comes first, not '" + text + "'");
		if (in.accept_word("memory"))
			current_.memory = bytes_of_hex(in.rest());
		else if (in.accept_word("expect"))
			end(in);
		else
			code_ += text + "\n";
	}

	void begin(const std::string& name) {
		if (open_)
			fail("the case before has no 'expect'");
		current_ = {};
		current_.name = name;
		current_.place = place();
		code_.clear();
		open_ = true;
	}

	void end(cursor& in) {
		if (in.accept_word("refused"))
			current_.expected = test_case::refused;
		else if (in.accept_word("fault"))
			current_.expected = test_case::fault;
		else
			current_.r0 = in.expect_number();
		current_.words = trimmed(in.rest());
		if (current_.expected == test_case::value && !in.at_end())
			fail("the number is complete before '" + in.rest() + "'");
		if (current_.expected != test_case::value && current_.words.empty())
			fail("'refused' and 'fault' are followed by words of the message");
		try {
			current_.insns = assemble(code_);
		} catch (const std::runtime_error& error) {
			throw std::runtime_error(current_.place + ": " + error.what());
		}
		into_.push_back(current_);
		open_ = false;
	}

	std::ifstream file_;
	std::string name_, code_;
	std::vector<test_case>& into_;
	test_case current_;
	int line_ = 0;
	bool open_ = false;
};

} // namespace

std::vector<test_case> read_cases(const std::string& folder) {
	std::vector<std::filesystem::path> paths;
	for (const auto& entry : std::filesystem::directory_iterator(folder))
		if (entry.path().extension() == ".isa")
			paths.push_back(entry.path());
	std::sort(paths.begin(), paths.end());
	std::vector<test_case> cases;
	for (const auto& path : paths)
		file_reader(path, cases).read();
	std::set<std::string> names;
	for (const test_case& each : cases)
		if (!names.insert(each.name).second)
			throw std::runtime_error(each.place + ": a case named '" + each.name + "' stands before");
	if (cases.empty())
		throw std::runtime_error("no .isa file with a case in " + folder);
	return cases;
}

} // namespace isa
