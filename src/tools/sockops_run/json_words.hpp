// SPDX-License-Identifier: MIT
// Words and numbers of --json that no other table has; sockops-run.schema.json is held to them.
#pragma once

#include <string>
#include <vector>

#include <sockops/testing/text_test.hpp>
#include <sockops/trace/trace.hpp>
#include <sockops/vm/prog_load.hpp>

#include "../../object/btf/json.hpp"
#include "check_output.hpp"

namespace sockops_run {

template <class Number>
std::string number(Number value) {
	return std::to_string(value);
}
inline std::string strings(const std::vector<std::string>& all) {
	return sockops::object::json_array(
		all, [](const std::string& each) { return sockops::object::json_string(each); });
}

inline std::string text_or_null(const std::string& text) {
	return text.empty() ? "null" : sockops::object::json_string(text);
}
inline std::string line_or_null(sockops::u64 line) { return line == 0 ? "null" : number(line); }

/// Of what --json prints: another one where a member goes, or means something else.
inline constexpr unsigned json_version = 1;

constexpr const char* fate_name(sockops::trace_fate fate) noexcept {
	using sockops::trace_fate;
	switch (fate) {
	case trace_fate::ran:
		return "ran";
	case trace_fate::no_program:
		return "no_program";
	case trace_fate::key_off:
		return "key_off";
	case trace_fate::time_wait:
		return "time_wait";
	case trace_fate::no_listener:
		return "no_listener";
	case trace_fate::withheld:
		break;
	}
	return "withheld";
}

/// Who refuses a program.
constexpr const char* refuser_name(sockops::bpf_load_error::by who) noexcept {
	using enum sockops::bpf_load_error::by;
	switch (who) {
	case kernel:
		return "kernel";
	case not_here:
		return "not_here";
	case too_young:
		break;
	}
	return "too_young";
}

/// What became of an object that was to be checked.
constexpr const char* fate_name(checked_object::fate of) noexcept {
	switch (of) {
	case checked_object::fate::checked:
		return "checked";
	case checked_object::fate::passed_over:
		return "passed_over";
	case checked_object::fate::failed:
		break;
	}
	return "failed";
}

/// Why a test fails: in --json, and the type of a failure in --junit's file.
constexpr const char* cause_name(sockops::testing::text_failure::cause why) noexcept {
	using enum sockops::testing::text_failure::cause;
	switch (why) {
	case expectation:
		return "expectation";
	case stopped:
		return "stopped";
	case finding:
		return "finding";
	case setup:
		break;
	}
	return "setup";
}

/// The same for people.
constexpr const char* cause_title(sockops::testing::text_failure::cause why) noexcept {
	using enum sockops::testing::text_failure::cause;
	switch (why) {
	case expectation:
		return "it is not as the test expects";
	case stopped:
		return "a program was stopped";
	case finding:
		return "bytes that nobody wrote";
	case setup:
		break;
	}
	return "the test cannot be run";
}

} // namespace sockops_run
