// SPDX-License-Identifier: MIT
#include "case_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "case_map.hpp"
#include "errno_words.hpp"

namespace verdicts {

namespace {

/// One text, line by line.
class case_reader {
  public:
	case_reader(const std::string& file, std::vector<verifier_case>& into) : file_(file), into_(into) {}

	void read(std::istream& from) {
		for (std::string text; std::getline(from, text);) {
			++line_;
			try {
				take(text);
			} catch (const std::runtime_error& wrong) {
				fail(place() + ": " + wrong.what());
			}
		}
		if (at_ != part::between)
			fail(place() + ": the last case has no 'end'");
	}

  private:
	enum class part { between, head, code } at_ = part::between;

	std::string place() const { return file_ + ":" + std::to_string(line_); }

	void take(const std::string& text) {
		if (at_ == part::code)
			return code(text);
		if (trimmed(text).empty() || text[0] == '#')
			return;
		const std::size_t space = std::min(text.find(' '), text.size());
		const std::string key = text.substr(0, space), value = trimmed(text.substr(space));
		if ((key == "case") != (at_ == part::between))
			fail("'" + text + "' where " +
				 (key == "case" ? "the case before has no 'end'" : "'case' begins"));
		if (key == "case")
			begin(value);
		else
			head(key, value);
	}

	void begin(const std::string& name) {
		now_ = {};
		now_.name = name;
		now_.place = place();
		answered_ = false;
		at_ = part::head;
	}

	void head(const std::string& key, const std::string& value) {
		if (key == "about")
			now_.about = value;
		else if (key == "map")
			now_.maps.push_back(map_of_line(value));
		else if (key == "license")
			now_.license = value;
		else if (key == "flags")
			now_.flags = static_cast<u32>(number_of(value));
		else if (key == "expect")
			expect(words_of(value));
		else if (key == "code")
			at_ = part::code;
		else
			fail("'" + key + "' is none of about, map, license, flags, expect and code");
	}

	void expect(const std::vector<std::string>& words) {
		if (words.size() == 1 && words[0] == "accept")
			now_.error = 0;
		else if ((words.size() == 2 || (words.size() == 4 && words[2] == "at")) && words[0] == "refuse")
			now_.error = errno_of(words[1]);
		else
			fail("'expect' is followed by 'accept' or by 'refuse ERRNO [at INSN]'");
		answered_ = true;
	}

	void code(const std::string& text) {
		if (text != "end") {
			now_.code += text + "\n";
			return;
		}
		if (!answered_)
			fail(now_.name + " has no 'expect'");
		into_.push_back(now_);
		at_ = part::between;
	}

	std::string file_;
	std::vector<verifier_case>& into_;
	verifier_case now_;
	bool answered_ = false;
	int line_ = 0;
};

void refuse_twins(const std::vector<verifier_case>& cases) {
	std::set<std::string> names;
	for (const verifier_case& each : cases)
		if (!names.insert(each.name).second)
			fail(each.place + ": a case named '" + each.name + "' stands before");
}

} // namespace

std::vector<verifier_case> cases_of(const std::string& text, const std::string& file) {
	std::vector<verifier_case> cases;
	std::istringstream from(text);
	case_reader(file, cases).read(from);
	refuse_twins(cases);
	return cases;
}

std::vector<verifier_case> read_cases(const std::string& folder) {
	std::vector<std::filesystem::path> paths;
	for (const auto& entry : std::filesystem::directory_iterator(folder))
		if (entry.path().extension() == ".case")
			paths.push_back(entry.path());
	std::sort(paths.begin(), paths.end());
	std::vector<verifier_case> cases;
	for (const auto& path : paths) {
		std::ifstream from(path);
		case_reader(path.filename().string(), cases).read(from);
	}
	refuse_twins(cases);
	if (cases.empty())
		fail("no .case file with a case in " + folder);
	return cases;
}

} // namespace verdicts
