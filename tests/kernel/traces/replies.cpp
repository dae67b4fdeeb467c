// SPDX-License-Identifier: MIT
#include "replies.hpp"

#include <cstdio>
#include <limits>

#include "call.hpp"

namespace traces {

namespace {

using programs = std::vector<reply_program>;

/// All arrays of `length` programs, each one of `choices`.
std::vector<programs> all_arrays(const programs& choices, unsigned length) {
	std::vector<programs> arrays{{}};
	for (unsigned at = 0; at != length; ++at) {
		std::vector<programs> longer;
		for (const programs& begin : arrays)
			for (const reply_program& last : choices) {
				longer.push_back(begin);
				longer.back().push_back(last);
			}
		arrays = std::move(longer);
	}
	return arrays;
}

/// Each value, and none, with each return.
programs with_returns(const std::vector<std::int32_t>& values) {
	programs all{{false, 0, true}, {false, 0, false}};
	for (const std::int32_t value : values)
		for (const bool returns_1 : {true, false})
			all.push_back({true, value, returns_1});
	return all;
}

/// One program with each of `alone`; two and three programs with all of `together`.
void add_rows(std::vector<reply_row>& to, reply_op op, const std::vector<std::int32_t>& alone,
			  const std::vector<std::int32_t>& together, const std::vector<std::int32_t>& three) {
	to.push_back({op, {}});
	for (const programs& array : all_arrays(with_returns(alone), 1))
		to.push_back({op, array});
	for (const programs& array : all_arrays(with_returns(together), 2))
		to.push_back({op, array});
	for (const programs& array : all_arrays(with_returns(three), 3))
		to.push_back({op, array});
}

} // namespace

std::vector<reply_row> reply_rows() {
	constexpr std::int32_t most = std::numeric_limits<std::int32_t>::max(), least = -most - 1;
	std::vector<reply_row> rows;
	add_rows(rows, reply_op::timeout_init,
			 {0, -1, -5, 1, 2, 25, 249, 250, 251, 29'999, 30'000, 30'001, 1'000'000, most - 1, most, least},
			 {25, 50, -1, 0}, {50});
	add_rows(rows, reply_op::rwnd_init, {0, -1, 1, 2, 3, 10, 40, 43, 44, 45, 1'000'000, most, least},
			 {3, 10, 0, -1}, {3});
	add_rows(rows, reply_op::needs_ecn, {0, 1, 2, -1, most, least}, {0, 1, 2}, {1});
	return rows;
}

std::string text_of(const reply_row& row) {
	std::string text = op_name(static_cast<std::uint32_t>(row.op)) + " [";
	for (const reply_program& each : row.programs) {
		text += &each == &row.programs.front() ? "" : ", ";
		text += each.writes ? std::to_string(each.value) : "-";
		text += each.returns_1 ? "/1" : "/0";
	}
	text += "]";
	return text;
}

std::string text_of(const reply_effect& effect) {
	std::string text = "rto " + std::to_string(effect.client_rto_us);
	text += " us, rcv_wnd of the client " + std::to_string(effect.client_rcv_wnd);
	text += ", of the server " + std::to_string(effect.server_rcv_wnd);
	text += effect.client_ecn ? ", ECN" : ", no ECN";
	text += effect.server_ecn ? ", ECN" : ", no ECN";
	return text;
}

unsigned compare_replies(const std::vector<reply_row>& rows, const char* one,
						 const std::vector<reply_effect>& of_one, const char* other,
						 const std::vector<reply_effect>& of_other) {
	constexpr unsigned printed = 10;
	unsigned mismatches = 0;
	for (std::size_t at = 0; at != rows.size(); ++at)
		if (!(of_one.at(at) == of_other.at(at)) && ++mismatches <= printed)
			std::printf("%s\n    %s: %s\n    %s: %s\n", text_of(rows[at]).c_str(), one,
						text_of(of_one[at]).c_str(), other, text_of(of_other[at]).c_str());
	return mismatches;
}

} // namespace traces
