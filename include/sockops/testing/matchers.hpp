// SPDX-License-Identifier: MIT
// GoogleMock matchers for what fire() and a recorder saw. A mismatch prints the call in words.
//
//     EXPECT_THAT(fire(BPF_SOCK_OPS_TIMEOUT_INIT, sk), Replies(50));
//     EXPECT_THAT(fire(BPF_SOCK_OPS_HDR_OPT_LEN_CB, sk), ReservedBytes(8));
//     EXPECT_THAT(fire(BPF_SOCK_OPS_TCP_LISTEN_CB, sk), SetOption("TCP_BPF_IW", 40));
//     EXPECT_THAT(fire(BPF_SOCK_OPS_TIMEOUT_INIT, sk), DiscardedReply("tune", "observer"));
//     EXPECT_THAT(fire(BPF_SOCK_OPS_RTT_CB, sk), WouldFire());
//     EXPECT_THAT(seen, SawCalls("client", "TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN"));
//     EXPECT_THAT(play(timeline::parse_file("syn_lost.timeline"), root), WentAsWritten());
//
// Needs GoogleMock, which the library does not.
//
// Context: the test's thread, outside of programs; not from a signal handler.
#pragma once

#include <algorithm>
#include <functional>
#include <sstream>

#include <gmock/gmock.h>

#include <sockops/kern/containers.hpp>
#include <sockops/testing/fire.hpp>
#include <sockops/testing/play.hpp>
#include <sockops/testing/program_name.hpp>
#include <sockops/testing/recorder.hpp>
#include <sockops/trace/explain.hpp>

namespace sockops::testing {

namespace detail {

/// A question about a fired op.
class about_fired {
  public:
	using is_gtest_matcher = void;
	about_fired(std::string what, std::function<bool(const fired&)> holds)
		: what_(std::move(what)), holds_(std::move(holds)) {}

	// What it was, in words, is printed by PrintTo().
	bool MatchAndExplain(const fired& answer, std::ostream*) const { return holds_(answer); }
	void DescribeTo(std::ostream* out) const { *out << what_; }
	void DescribeNegationTo(std::ostream* out) const { *out << "not: " << what_; }

  private:
	std::string what_;
	std::function<bool(const fired&)> holds_;
};

/// Of what has a list `spoiled`: a fired op, a call of a recorder, a timeline played by object_test.
class about_spoiled {
  public:
	using is_gtest_matcher = void;
	about_spoiled(std::string what, std::function<bool(const spoiled&)> holds, bool any = true)
		: what_(std::move(what)), holds_(std::move(holds)), any_(any) {}

	template <class Seen>
	bool MatchAndExplain(const Seen& seen, std::ostream* out) const {
		const bool found = std::any_of(seen.spoiled.begin(), seen.spoiled.end(), holds_);
		if (out && found != any_)
			for (const spoiled& each : seen.spoiled)
				*out << "\n" << each.text << ".";
		if (out && seen.spoiled.empty())
			*out << "nothing was spoiled";
		return found == any_;
	}
	void DescribeTo(std::ostream* out) const { *out << what_; }
	void DescribeNegationTo(std::ostream* out) const { *out << "not: " << what_; }

  private:
	std::string what_;
	std::function<bool(const spoiled&)> holds_;
	bool any_; ///< one holds, or none does
};

/// One kind, of one program by another.
inline about_spoiled spoils(spoil kind, std::string says, std::string of, std::string by) {
	std::string what = says + of + ", by " + by;
	return {std::move(what), [kind, of = std::move(of), by = std::move(by)](const spoiled& each) {
				return each.what == kind && is_among(each.of, of) && is_among(each.by, by);
			}};
}

inline std::vector<std::string> words_of(const std::string& text) {
	std::istringstream in(text);
	return {std::istream_iterator<std::string>(in), {}};
}

/// The calls of one socket name, in order, all of them.
class saw_calls {
  public:
	using is_gtest_matcher = void;
	saw_calls(std::string socket, std::string calls)
		: socket_(std::move(socket)), expected_(words_of(calls)), text_(std::move(calls)) {}

	bool MatchAndExplain(const recorder& seen, std::ostream* out) const {
		const std::vector<std::string> were = words_of(seen.text(socket_));
		if (were == expected_)
			return true;
		std::size_t at = 0;
		while (at < were.size() && at < expected_.size() && were[at] == expected_[at])
			++at;
		if (out)
			*out << "\ncall " << at + 1 << " is " << (at < were.size() ? were[at] : "missing")
				 << ", expected " << (at < expected_.size() ? expected_[at] : "no more")
				 << "\nall of them: " << seen.text(socket_);
		return false;
	}
	void DescribeTo(std::ostream* out) const { *out << socket_ << " saw " << text_; }
	void DescribeNegationTo(std::ostream* out) const { *out << socket_ << " did not see " << text_; }

  private:
	std::string socket_;
	std::vector<std::string> expected_;
	std::string text_;
};

/// What has a list `findings`: a fired op, a timeline played by object_test.
class found_nothing {
  public:
	using is_gtest_matcher = void;
	template <class Seen>
	bool MatchAndExplain(const Seen& seen, std::ostream*) const { // PrintTo() prints them
		return seen.findings.empty();
	}
	void DescribeTo(std::ostream* out) const { *out << "reads nothing that nobody wrote"; }
	void DescribeNegationTo(std::ostream* out) const { *out << "reads what nobody wrote"; }
};

/// A played timeline whose expectations all came true.
class went_as_written {
  public:
	using is_gtest_matcher = void;
	bool MatchAndExplain(const played& what, std::ostream* out) const {
		if (out && !what.differences.empty())
			*out << '\n' << what.report();
		return what.differences.empty();
	}
	void DescribeTo(std::ostream* out) const { *out << "goes as written"; }
	void DescribeNegationTo(std::ostream* out) const { *out << "does not go as written"; }
};

} // namespace detail

/// No program denied.
inline detail::about_fired Allowed() {
	return {"is allowed", [](const fired& answer) { return answer.allowed; }};
}
/// A program returned 0.
inline detail::about_fired Denied() {
	return {"is denied", [](const fired& answer) { return !answer.allowed; }};
}
/// tcp_call_bpf() returned this.
inline detail::about_fired Replies(int reply) {
	return {"replies " + std::to_string(reply),
			[reply](const fired& answer) { return answer.reply == reply; }};
}
/// HDR_OPT_LEN_CB: so many bytes are reserved, rounded up to 4.
inline detail::about_fired ReservedBytes(u32 bytes) {
	return {"reserves " + std::to_string(bytes) + " bytes",
			[bytes](const fired& answer) { return answer.reserved == bytes; }};
}
/// WRITE_HDR_OPT_CB: the reserved bytes, as they are sent.
inline detail::about_fired WroteOptions(std::vector<u8> bytes) {
	return {"writes " + ::testing::PrintToString(bytes),
			[bytes](const fired& answer) { return answer.options == bytes; }};
}
/// A program set this option, as the table of sockopts() names it, to this number: with success, or refused
/// with -error.
inline detail::about_fired SetOption(std::string name, int value, int error = 0) {
	std::string what = "sets " + name + "=" + std::to_string(value);
	if (error != 0)
		what += " and is refused with " + errno_text(error);
	return {std::move(what), [name = std::move(name), value, error](const fired& answer) {
				return std::any_of(answer.options_set.begin(), answer.options_set.end(),
								   [&](const auto& each) {
									   return each.name() == name && each.value.size() == sizeof value &&
											  each.number() == value && each.result == -error;
								   });
			}};
}
/// The same of an option that is a name: TCP_CONGESTION, SO_BINDTODEVICE.
inline detail::about_fired SetOption(std::string name, std::string value, int error = 0) {
	std::string what = "sets " + name + "=\"" + value + "\"";
	if (error != 0)
		what += " and is refused with " + errno_text(error);
	return {std::move(what), [name = std::move(name), value = std::move(value), error](const fired& answer) {
				return std::any_of(
					answer.options_set.begin(), answer.options_set.end(), [&](const auto& each) {
						return each.name() == name && each.string() == value && each.result == -error;
					});
			}};
}
/// No program called bpf_setsockopt().
inline detail::about_fired SetNoOption() {
	return {"sets no option", [](const fired& answer) { return answer.options_set.empty(); }};
}
/// The reply of this program reached the caller.
inline detail::about_fired ReplySurvived(std::string of) {
	std::string what = "the reply of " + of + " reaches the caller";
	return {std::move(what), [of = std::move(of)](const fired& answer) {
				return !answer.answered_by.empty() && detail::is_program(answer.answered_by, of);
			}};
}
/// `by` returned 0, perhaps with others, and so the reply of `of` was thrown away. Both may be one.
inline detail::about_spoiled DiscardedReply(std::string of, std::string by) {
	return detail::spoils(spoil::discarded_reply, "discards the reply of ", std::move(of), std::move(by));
}
/// `by` wrote another reply over one of `of`.
inline detail::about_spoiled ReplacedReply(std::string of, std::string by) {
	return detail::spoils(spoil::replaced_reply, "replaces the reply of ", std::move(of), std::move(by));
}
/// `by` set the socket's callback flags to some without one that `of` had set.
inline detail::about_spoiled TookFlags(std::string of, std::string by) {
	return detail::spoils(spoil::taken_flags, "takes callback flags of ", std::move(of), std::move(by));
}
/// Header options of `of` were not reserved, not stored, or thrown away, because of `by`; `of` and `by` are
/// one where it reserved and did not store.
inline detail::about_spoiled DroppedOptions(std::string of, std::string by) {
	return detail::spoils(spoil::dropped_options, "drops header options of ", std::move(of), std::move(by));
}
/// The reply of `by` stands in the args[0] that `of` reads.
inline detail::about_spoiled ChangedArgument(std::string of, std::string by) {
	return detail::spoils(spoil::changed_argument, "changes args[0] of ", std::move(of), std::move(by));
}
/// `by` set a socket option to another value than `of` had.
inline detail::about_spoiled ReplacedOption(std::string of, std::string by) {
	return detail::spoils(spoil::replaced_option, "sets an option over that of ", std::move(of),
						  std::move(by));
}
/// No program took anything from another, or from itself.
inline detail::about_spoiled SpoiledNothing() {
	return {"spoils nothing", [](const spoiled&) { return true; }, false};
}
/// A program changed the socket's callback flags to these.
inline detail::about_fired LeftFlags(u8 flags) {
	return {"leaves the flags " + cb_flags_text(flags), [flags](const fired& answer) {
				return !answer.call.steps.empty() && answer.call.steps.back().after.cb_flags == flags;
			}};
}
/// No program was stopped: of object_test::fire().
inline detail::about_fired RanThrough() {
	return {"runs through, no program being stopped",
			[](const fired& answer) { return answer.faults.empty(); }};
}
/// A stack that comes to this point calls the op: its flag is set.
inline detail::about_fired WouldFire() {
	return {"is an op that a stack would call", [](const fired& answer) { return answer.withheld.empty(); }};
}
/// No watched program did anything with bytes that nobody wrote: of a fired op, or a played timeline.
inline detail::found_nothing FoundNothing() { return {}; }
/// bpf_trace_printk() wrote this line, among others perhaps.
inline detail::about_fired Printed(std::string line) {
	return {"prints " + ::testing::PrintToString(line), [line](const fired& answer) {
				return std::find(answer.printk.begin(), answer.printk.end(), line) != answer.printk.end();
			}};
}
/// No program ran, for this reason.
inline detail::about_fired RanNothingBecause(trace_fate why) {
	return {"runs no program, fate " + std::to_string(static_cast<int>(why)),
			[why](const fired& answer) { return answer.call.steps.empty() && answer.call.fate == why; }};
}
/// These calls, as call_text() writes them, and no others, on the sockets of this name ("": on all).
inline detail::saw_calls SawCalls(std::string socket, std::string calls) {
	return {std::move(socket), std::move(calls)};
}

/// All that the timeline expects was seen.
inline detail::went_as_written WentAsWritten() { return {}; }

/// How a failing test prints what was fired.
inline void PrintTo(const fired& answer, std::ostream* out) { *out << explain(answer); }
inline void PrintTo(const recorder& seen, std::ostream* out) {
	*out << "a recorder of " << seen.calls().size() << " calls";
}
inline void PrintTo(const played& what, std::ostream* out) {
	*out << "a played timeline of " << what.intervals.size() << " events";
}

} // namespace sockops::testing
