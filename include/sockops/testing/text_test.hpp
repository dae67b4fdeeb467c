// SPDX-License-Identifier: MIT
// Text tests: timelines that name their objects, and say what the programs did.
//
//     object tune.bpf.o
//     +0   server listen
//     +0   client connect
//         client: TIMEOUT_INIT -> 25
//         map conns[client.cookie].retransmits == 0
//
//     EXPECT_THAT(run_text_test("tune.timeline"), Passes());              // GoogleMock's
//     const text_result result = run_text_test("tune.timeline");          // or without it
//     if (!result.passed()) std::puts(result.report().c_str());
//
// The format: tests/timelines/FORMAT.md. Taking an expectation away changes nothing of what happens.
//
// Link sockops::bpf_testing. One thread at a time.
//
// Context: the test's thread, outside of programs; not from a signal handler.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <sockops/kern/containers.hpp>
#include <sockops/object/object_set.hpp>
#include <sockops/testing/play.hpp>
#include <sockops/testing/timeline.hpp>

namespace sockops::testing {

/// One reason why a text test fails.
struct text_failure {
	enum class cause : u8 {
		expectation, ///< a line that is not so
		stopped,     ///< a program was stopped, and no line says so
		finding,     ///< a program read what nobody had written, and no line says so
		setup,       ///< the file cannot be read, an object not be loaded, …
	};

	cause why;
	unsigned line = 0;       ///< of the test's file; 0: it has none
	std::string expectation; ///< the line, as written; "" where the line expects nothing
	std::string text;        ///< in words: what was expected, what was seen, the call explained
	std::string source_file; ///< where in C, the file as its compiler was given it; "": nowhere
	u32 source_line = 0;
};

/// What became of a text test.
struct text_result {
	std::string file; ///< as it was given
	std::vector<text_failure> failures;
	std::size_t expectations = 0;      ///< lines that were judged
	std::size_t calls = 0;             ///< of programs, fired ones too
	std::vector<std::string> faults;   ///< why programs were stopped: also where a line says so
	std::vector<std::string> findings; ///< what they did with bytes that nobody wrote, the same
	u64 seed = 0;      ///< what such bytes hold comes from it; native programs are not watched
	std::string trace; ///< all calls in words, event by event, with the records sent in them

	/// Is all as it is written?
	[[nodiscard]] bool passed() const noexcept { return failures.empty(); }
	/// The failures, each with its place in front: "tune.timeline:7: client: TIMEOUT_INIT -> 50"; "" if there
	/// is none.
	[[nodiscard]] std::string report() const;
};

/// How a failing test prints it.
void PrintTo(const text_result& what, std::ostream* out);

/// With what a text test is run.
struct text_test_options {
	/// Where objects are looked for that are not in the folder of the test's file, in this order.
	std::vector<std::string> folders{};
	/// Makes an object file of what was found, as of a source in C; empty: it is one.
	std::function<std::string(const std::string& path)> build{};
	/// With what the objects are opened; `programs` and `pins` are the test's own. Programs are watched, by
	/// the default seed unless it says otherwise.
	object_options objects{};
	/// Called when all is over, before the objects go: for what they have counted.
	std::function<void(object_set& objects)> ended{};
	u64 seed = 1; ///< play_options::seed
};

/// A text test that has been read.
class text_test {
  public:
	/// What a file says, or a text, with the name of its file: objects are found from its folder. Throw
	/// timeline_error; parse_file() for a file that cannot be read, too.
	[[nodiscard]] static text_test parse_file(const std::string& path);
	[[nodiscard]] static text_test parse(std::string_view text, std::string file);

	/// Does it name objects? One that does not is a timeline alone.
	[[nodiscard]] bool names_objects() const noexcept { return !what_.settings.objects.objects.empty(); }
	/// As it was given.
	[[nodiscard]] const std::string& file() const noexcept { return file_; }
	/// What it says.
	[[nodiscard]] const timeline& what() const noexcept { return what_; }

	/// Loads, attaches, plays and judges. Returns what became of it; what goes wrong is a failure in that.
	[[nodiscard]] text_result run(const text_test_options& with = {}) const;

  private:
	text_test(timeline what, std::string file) : what_(std::move(what)), file_(std::move(file)) {}

	timeline what_;
	std::string file_;
};

/// parse_file() and run(); a file that cannot be read, or is refused, is a failure of its result.
[[nodiscard]] text_result run_text_test(const std::string& path, const text_test_options& with = {});

/// A record that a program has sent, and the map that it is from, by its name in the object_set.
struct text_record {
	std::string map;
	typed_value value;
};

/// Judges what a timeline says of programs, while it is played. Records of the objects' ring buffers and perf
/// event arrays are taken out after each call.
class text_judge final : public play_listener {
  public:
	/// Throws timeline_error for a line that names what the objects have not, object_error for a record's
	/// type that they have not. All outlive it.
	text_judge(const timeline& what, object_set& objects);
	~text_judge();
	text_judge(const text_judge&) = delete;
	text_judge& operator=(const text_judge&) = delete;

	/// Somebody else takes the records out, and hands over those of each call before it is told.
	void take_records_from(std::function<std::vector<text_record>()> source);

	void event(u64 time_ns, const timeline_event& what) override;
	void called(side who, u64 time_ns, const trace_call& call) override;
	void withheld(side who, u64 time_ns, const trace_call& call) override;
	void fired(u64 time_ns, const fired_op& what) override;
	void ended(u64 time_ns) override;
	void option_set(side who, u64 time_ns, const sock_common& sk, const option_call& what) override;
	void freed(side who, u64 time_ns, const sock_common& sk) override;
	bool printk(side who, u64 time_ns, const char* text) override;
	bool fault(side who, u64 time_ns, const bpf_fault& what) override;
	bool found(side who, u64 time_ns, const bpf_finding& what) override;

	/// All failures in the order of their lines, those of the calls' order with them, once it has been
	/// played.
	[[nodiscard]] std::vector<text_failure> failures(const played& result) const;
	/// What was counted until now.
	[[nodiscard]] std::size_t expectations() const noexcept;
	[[nodiscard]] std::size_t calls() const noexcept;
	/// As those of text_result, until now.
	[[nodiscard]] const std::vector<std::string>& faults() const noexcept;
	/// The same.
	[[nodiscard]] const std::vector<std::string>& findings() const noexcept;
	/// The same.
	[[nodiscard]] const std::string& trace() const noexcept;

  private:
	struct state;
	std::unique_ptr<state> state_;
};

namespace detail {

/// A text test in which all is as it is written.
class passes {
  public:
	using is_gtest_matcher = void;
	bool MatchAndExplain(const text_result& what, std::ostream* out) const {
		if (out && !what.passed())
			*out << '\n' << what.report();
		return what.passed();
	}
	void DescribeTo(std::ostream* out) const { *out << "passes"; }
	void DescribeNegationTo(std::ostream* out) const { *out << "fails"; }
};

} // namespace detail

/// GoogleMock's matcher of a result without a failure.
inline detail::passes Passes() { return {}; }

} // namespace sockops::testing
