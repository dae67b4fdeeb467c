// SPDX-License-Identifier: MIT
// A text test from its file to its result.

#include <sockops/testing/text_test.hpp>

#include <exception>
#include <fstream>
#include <mutex>
#include <new>
#include <sstream>

#include <sockops/kern/check.hpp>

#include "test_objects.hpp"

namespace sockops::testing {

using namespace text;

namespace {

/// A paragraph that stands below its heading.
std::string indented(const std::string& text) {
	std::string all;
	std::istringstream lines(text);
	for (std::string line; std::getline(lines, line);)
		all.append("  ").append(line).append("\n");
	return all;
}

std::string in_words(const text_failure& what, const std::string& file) {
	std::string text = file;
	if (what.line != 0)
		text.append(":").append(std::to_string(what.line));
	text.append(": ").append(what.expectation.empty() ? "failed" : what.expectation).append("\n");
	text.append(indented(what.text));
	if (!what.source_file.empty() && what.source_line != 0)
		text.append("  in ").append(what.source_file).append(":").append(std::to_string(what.source_line)) +=
			'\n';
	return text;
}

text_failure failure_without_line(const std::string& why) {
	return {text_failure::cause::setup, 0, {}, why + "\n", {}, 0};
}

/// While a test runs, a misuse of the library is its failure, and not the end of all that come after it.
class misuse_watch {
  public:
	explicit misuse_watch(std::vector<text_failure>& into) {
		mine_ = &into;
		const std::lock_guard held(lock_);
		if (running_++ == 0)
			before_ = set_illegal_use_handler(note);
	}
	~misuse_watch() {
		mine_ = nullptr;
		const std::lock_guard held(lock_);
		if (--running_ == 0)
			(void)set_illegal_use_handler(before_);
	}
	misuse_watch(const misuse_watch&) = delete;
	misuse_watch& operator=(const misuse_watch&) = delete;

  private:
	/// On the thread that reports, which is a test's or another's.
	static void note(const check_report& report) noexcept {
		if (!mine_)
			return before_(report);
		try {
			mine_->push_back(
				failure_without_line(std::string("illegal use: ") + report.call + ": " + report.message));
		} catch (const std::bad_alloc&) {
			before_(report);
		}
	}

	static inline thread_local std::vector<text_failure>* mine_ = nullptr;
	static inline std::mutex lock_;
	static inline std::size_t running_ = 0;
	static inline check_handler before_ = nullptr;
};

text_failure failure_of(const timeline_error& wrong) {
	return {text_failure::cause::setup, wrong.line, wrong.text, wrong.reason + "\n", {}, 0};
}

/// Plays it around the objects, and adds to the result what was seen.
void play_and_judge(const timeline& what, test_objects& objects, const text_test_options& with,
					text_result& into) {
	const cgroup_root root;
	text_judge judge(what, objects.all);
	const std::vector<bpf_link> links = objects.all.attach(root);
	played result;
	std::vector<text_failure> ended_early;
	const misuse_watch misuse(ended_early);
	try {
		result = play(what, root,
					  {.seed = with.seed,
					   .listener = &judge,
					   .hz = with.objects.hz,
					   .client_cgroup = objects.at.client,
					   .server_cgroup = objects.at.server,
					   .listener_judges = true,
					   .kernel = with.objects.kernel});
	} catch (const no_connection& wrong) {
		ended_early.push_back(
			{text_failure::cause::setup, wrong.line, {}, std::string(wrong.what()) + "\n", {}, 0});
	} catch (const std::exception& wrong) { // what was judged before it stays
		ended_early.push_back(failure_without_line(wrong.what()));
	}
	into.failures = judge.failures(result);
	into.expectations = judge.expectations();
	into.calls = judge.calls();
	into.faults = judge.faults();
	into.findings = judge.findings();
	into.trace = judge.trace();
	if (with.ended)
		with.ended(objects.all);
	into.failures.insert(into.failures.end(), ended_early.begin(), ended_early.end());
}

} // namespace

std::string text_result::report() const {
	std::string text;
	for (const text_failure& each : failures)
		text += in_words(each, file);
	return text;
}

void PrintTo(const text_result& what, std::ostream* out) {
	*out << what.file << ": " << what.expectations << " lines judged, " << what.failures.size()
		 << " of them not so";
}

text_test text_test::parse_file(const std::string& path) {
	return text_test(timeline::parse_file(path), path);
}

text_test text_test::parse(std::string_view text, std::string file) {
	return text_test(timeline::parse(text), std::move(file));
}

text_result text_test::run(const text_test_options& with) const {
	text_result result;
	result.file = file_;
	result.seed = with.objects.watch.value_or(bpf_watch_options()).seed;
	try {
		if (!names_objects())
			throw timeline_error(0, "",
								 "it names no object, so it tests no program: write 'object tune.bpf.o' "
								 "before the first event");
		test_objects objects;
		open_objects(objects, what_, file_, with);
		play_and_judge(what_, objects, with, result);
	} catch (const refused_setup& wrong) {
		result.failures.push_back(wrong.why);
	} catch (const timeline_error& wrong) {
		result.failures.push_back(failure_of(wrong));
	} catch (const std::exception& wrong) { // an attach, a cgroup
		result.failures.push_back(failure_without_line(wrong.what()));
	}
	return result;
}

text_result run_text_test(const std::string& path, const text_test_options& with) {
	try {
		return text_test::parse_file(path).run(with);
	} catch (const timeline_error& wrong) {
		text_result refused;
		refused.file = path;
		refused.failures.push_back(failure_of(wrong));
		return refused;
	}
}

} // namespace sockops::testing
