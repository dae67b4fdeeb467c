// SPDX-License-Identifier: MIT
// Programs that read what nobody wrote: it is found at the line that says so, at both levels of optimization,
// and nothing is found of their twins, which write it, nor at any other line.
#include <array>

#include <gmock/gmock.h>

#include <sockops/testing/object_test.hpp>

#include "comments.hpp"

namespace sockops::testing {
namespace {

constexpr std::array sources{"argument", "bits",   "calls", "context", "copies", "frame",
							 "places",   "record", "rooms", "spill",   "stale",  "value"};

std::string source_of(const std::string& name) { return FINDINGS_SOURCES "/" + name + ".bpf.c"; }

/// All ops that the programs look at, on sockets of a cgroup of each program's own.
class all_programs : public object_test {
  public:
	explicit all_programs(const std::string& file) : object_test(file) {
		for (const auto& name : object().prog_names()) {
			const std::string cgroup = "/" + name;
			attach(cgroup, name);
			fire_all(cgroup);
		}
	}
	std::vector<std::string> findings, faults;

  private:
	void fire_all(const std::string& cgroup) {
		tcp_sock& connecting = socket({.state = TCP_SYN_SENT, .local_port = 4242, .cgroup = cgroup});
		note(fire(BPF_SOCK_OPS_TCP_CONNECT_CB, connecting));
		note(fire(BPF_SOCK_OPS_TIMEOUT_INIT, connecting));
		tcp_sock& sk = socket({.local_port = 4242, .cb_flags = 0x7f, .cgroup = cgroup});
		note(fire(BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, sk));
		note(fire(BPF_SOCK_OPS_HDR_OPT_LEN_CB, sk));
		note(fire(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, sk));
		sk_buff& received = segment({254, 8, 0xeb, 0x9f, 7, 0, 0, 0, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1});
		note(fire(BPF_SOCK_OPS_PARSE_HDR_OPT_CB, sk, {.skb = &received}));
	}
	void note(const fired& seen) {
		findings.insert(findings.end(), seen.findings.begin(), seen.findings.end());
		faults.insert(faults.end(), seen.faults.begin(), seen.faults.end());
	}
};

struct planted : ::testing::TestWithParam<std::tuple<const char*, const char*>> {
	std::string name() const { return std::get<0>(GetParam()); }
	std::string object(const char* form) const {
		return std::string(FINDINGS_OBJECTS "/") + form + "_" + name() + "_" + std::get<1>(GetParam()) +
			   ".bpf.o";
	}
};
std::string name_of(const ::testing::TestParamInfo<planted::ParamType>& info) {
	return std::string(std::get<0>(info.param)) + "_at_" + std::get<1>(info.param);
}
INSTANTIATE_TEST_SUITE_P(findings, planted,
						 ::testing::Combine(::testing::ValuesIn(sources), ::testing::Values("O1", "O2")),
						 name_of);

TEST_P(planted, is_found_where_a_comment_says_so_and_nowhere_else) {
	const all_programs run(object("planted"));
	const found_by_line comments = found_in_comments(source_of(name()));
	EXPECT_GE(comments.size(), 5u);
	EXPECT_EQ(disagreement(comments, found_in_messages(run.findings, name() + ".bpf.c")), "");
	EXPECT_THAT(run.faults, ::testing::IsEmpty());
}

TEST_P(planted, twin_that_writes_it_is_silent) {
	const all_programs run(object("written"));
	EXPECT_THAT(run.findings, ::testing::IsEmpty());
	EXPECT_THAT(run.faults, ::testing::IsEmpty());
}

/// The tests above fail by these.
TEST(comments, tell_what_is_not_found_what_is_found_besides_and_what_is_said_otherwise) {
	const found_by_line comments{{7, "key of 'conns': bytes 1"}, {9, "return"}, {11, "record"}};
	const found_by_line messages =
		found_in_messages({"p: instruction 1 (a.bpf.c:7, 'f(&t); // (b): c'): key of 'conns': bytes 1 to 3",
						   "p: instruction 4 (a.bpf.c:11, 'g();'): value of 'm'",
						   "p: instruction 5 (a.bpf.c:13, 'h();'): key", "p: instruction 6: branch"},
						  "a.bpf.c");
	EXPECT_EQ(messages, (found_by_line{{0, "p: instruction 6: branch"},
									   {7, "key of 'conns': bytes 1 to 3"},
									   {11, "value of 'm'"},
									   {13, "key"}}));
	EXPECT_EQ(disagreement(comments, messages),
			  "line 9: not found: return\n"
			  "line 11: found, but it says: value of 'm'\n  instead of: record\n"
			  "line 0: found, and nothing is planted there: p: instruction 6: branch\n"
			  "line 13: found, and nothing is planted there: key\n");
}

TEST(findings, have_a_program_for_each_pair_of_place_and_reader) {
	for (const char* const place : {"frame", "spill", "value", "record", "argument", "context"}) {
		std::string readers;
		for (const auto& [line, text] : found_in_comments(source_of(place)))
			readers.append(text.substr(0, text.find(':'))).append("; ");
		for (const char* const reader : {"key", "value", "record", "option", "branch", "return", "reply"})
			EXPECT_THAT(readers, ::testing::HasSubstr(reader)) << place;
	}
}

} // namespace
} // namespace sockops::testing
