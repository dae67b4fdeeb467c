// SPDX-License-Identifier: MIT
// How verdicts look, this machine's kernel's beside those from here.
#include <sstream>

#include <gtest/gtest.h>

#include <tools/sockops_run/check_output.hpp>
#include <tools/sockops_run/kernel_asked.hpp>

namespace sockops_run {
namespace {

using namespace sockops;

bpf_load_error refusal() {
	bpf_load_error why;
	why.error = EACCES;
	why.insn = 9;
	why.reason = "reads 8 bytes of NULL";
	why.place = "tune: instruction 9 (tune.bpf.c:14, '++*count;'): ";
	why.message = "tune.bpf.o: " + why.place + why.reason;
	why.line = {9, "src/tune.bpf.c", "++*count;", 14, 2};
	why.rule = "null-test";
	why.remedy = "compare what a lookup returned with NULL";
	why.way = {{4, "skops->op is 3", {4, "src/tune.bpf.c", "if (skops->op == 3)", 12, 6}},
			   {7, "R0 is NULL", {}}};
	return why;
}

kernel_answer refused_by_kernel() {
	kernel_answer answer;
	answer.program = "tune";
	answer.error = EACCES;
	answer.words = "R0 invalid mem access";
	answer.insn = 9;
	answer.line = refusal().line;
	answer.processed = 12;
	return answer;
}

kernel_answer taken_by_kernel() {
	kernel_answer answer;
	answer.program = "tune";
	answer.processed = 1;
	return answer;
}

checked_object one(std::optional<bpf_load_error> refused, std::optional<kernel_answer> kernel = {}) {
	checked_object made{.file = "tune.bpf.o"};
	made.programs.push_back({{"tune", "sockops", std::move(refused), {}}, std::move(kernel)});
	return made;
}

std::string text(const checked_object& of, bool in_colour = false) {
	std::ostringstream out;
	make_text_check_output(out, in_colour)->object(of);
	return out.str();
}
std::string json(const checked_object& of) {
	std::ostringstream out;
	make_json_check_output(out)->object(of);
	return out.str();
}

TEST(check_output, has_the_reason_the_remedy_and_the_way_below_a_refusal) {
	EXPECT_EQ(text(one(refusal())),
			  "REFUSED  tune.bpf.o: tune in section 'sockops'\n"
			  "  instruction 9 (tune.bpf.c:14, '++*count;'): reads 8 bytes of NULL [null-test]\n"
			  "  remedy: compare what a lookup returned with NULL\n"
			  "  the way there:\n"
			  "    tune.bpf.c:12, 'if (skops->op == 3)': skops->op is 3\n"
			  "    instruction 7: R0 is NULL\n");
}

TEST(check_output, tells_what_was_taken_without_a_look) {
	checked_object object = one({});
	object.programs[0].here.not_looked_at = {{5, "bpf_timer_init() is not known"}};
	EXPECT_EQ(text(object), "taken    tune.bpf.o: tune in section 'sockops'\n"
							"  not looked at: instruction 5: bpf_timer_init() is not known\n");
	EXPECT_NE(
		json(object).find(
			R"("not_looked_at":[{"instruction":5,"why":"bpf_timer_init() is not known","source_file":null,"source_line":null,"source_text":null}])"),
		std::string::npos)
		<< json(object);
}

TEST(check_output, is_red_where_something_is_wrong) {
	EXPECT_EQ(text(one(refusal()), true).find("\033[31mREFUSED"), 0u);
	EXPECT_EQ(text(one({}), true).find('\033'), std::string::npos);
	EXPECT_EQ(text(one({}, taken_by_kernel()), true).find('\033'), std::string::npos);
	EXPECT_NE(text(one({}, refused_by_kernel()), true).find("\033[31mLinux "), std::string::npos);
	EXPECT_NE(text(one(refusal(), taken_by_kernel()), true).find("\033[31mLinux "), std::string::npos);
}

/// Behind "Linux " and its release; a kernel of another one than is modelled is told so, too.
std::string said(const kernel_answer& answer, const bpf_load_error* here) {
	const std::string all = beside_ours(answer, here), name = "Linux " + running_kernel() + " ";
	EXPECT_TRUE(all.starts_with(name)) << all;
	return all.substr(name.size(), all.find("; what is said here is as of") - name.size());
}

TEST(check_output, puts_the_kernel_s_words_beside_ours) {
	const bpf_load_error why = refusal();
	EXPECT_EQ(said(taken_by_kernel(), nullptr), "takes it, too: 1 instruction looked at");
	EXPECT_EQ(
		said(refused_by_kernel(), &why),
		"refuses it, too: R0 invalid mem access (tune.bpf.c:14, '++*count;'; 12 instructions looked at)");
	EXPECT_EQ(
		said(refused_by_kernel(), nullptr),
		"refuses what is taken here: R0 invalid mem access (tune.bpf.c:14, '++*count;'; 12 instructions "
		"looked at)");
	EXPECT_EQ(said(taken_by_kernel(), &why), "takes what is refused here");
}

TEST(check_output, has_all_of_a_refusal_in_json) {
	const std::string whole = json(one(refusal(), refused_by_kernel()));
	for (
		const char* part :
		{R"("refused":{"by":"kernel","reason":"reads 8 bytes of NULL","rule":"null-test",)",
		 R"("remedy":"compare what a lookup returned with NULL","errno":13,"instruction":9,)",
		 R"("source_file":"src/tune.bpf.c","source_line":14,"source_text":"++*count;","way":[)",
		 R"([{"instruction":4,"text":"skops->op is 3","source_file":"src/tune.bpf.c","source_line":12,)",
		 R"({"instruction":7,"text":"R0 is NULL","source_file":null,"source_line":null,"source_text":null}])",
		 R"("kernel":{"program":"tune","taken":false,"errno":13,"text":"R0 invalid mem access",)",
		 R"("instruction":9,"source_file":"src/tune.bpf.c","source_line":14,"looked_at":12}})"})
		EXPECT_NE(whole.find(part), std::string::npos) << part << "\nin " << whole;
}

TEST(check_output, counts_what_is_wrong) {
	std::ostringstream out;
	const auto telling = make_text_check_output(out, false);
	telling->start({4, "6.18.44"});
	telling->end({.taken = 3,
				  .refused = 1,
				  .kernel_refused = 1,
				  .failed = 1,
				  .passed_over = 2,
				  .not_asked = 1,
				  .exit_status = 1});
	EXPECT_EQ(
		out.str(),
		"\n4 programs: 3 taken, 1 REFUSED, 1 of those taken REFUSED by Linux 6.18.44,\n"
		"  1 object not shown to Linux 6.18.44, 1 object that cannot be loaded, 2 objects passed over\n");
}

} // namespace
} // namespace sockops_run
