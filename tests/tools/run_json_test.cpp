// SPDX-License-Identifier: MIT
// sockops-run --json, read by a JSON library: each line is an object, and says what the program did.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <sys/wait.h>

#include <gtest/gtest.h>
#include <jansson.h>

namespace {

struct dropped {
	void operator()(json_t* value) const { json_decref(value); }
};
using json = std::unique_ptr<json_t, dropped>;

/// What the tool prints, line by line; a line that is no object fails the test, as does another exit status.
std::vector<json> run(const std::string& arguments, int status = 0) {
	std::vector<json> lines;
	FILE* const from = ::popen((std::string(SOCKOPS_RUN) + " " + arguments).c_str(), "r");
	std::array<char, 65536> line{};
	while (from && std::fgets(line.data(), line.size(), from)) {
		json_error_t why;
		lines.emplace_back(json_loads(line.data(), JSON_REJECT_DUPLICATES, &why));
		EXPECT_TRUE(json_is_object(lines.back().get())) << why.text << ": " << line.data();
	}
	EXPECT_EQ(from ? WEXITSTATUS(::pclose(from)) : -1, status) << arguments;
	return lines;
}

std::string text(const json& of, const char* name) {
	const char* const value = json_string_value(json_object_get(of.get(), name));
	return value ? value : "";
}

/// The first call of an op on a side.
const json_t* call(const std::vector<json>& lines, const std::string& op, const std::string& side) {
	for (const json& each : lines)
		if (text(each, "kind") == "call" && text(each, "op") == op && text(each, "side") == side)
			return each.get();
	ADD_FAILURE() << "no " << op << " of the " << side;
	return nullptr;
}

std::string dump(const json_t* of, const char* name) {
	char* const made = json_dumps(json_object_get(of, name), JSON_COMPACT | JSON_ENCODE_ANY);
	const std::string result = made ? made : "";
	std::free(made);
	return result;
}

TEST(sockops_run_json, begins_and_ends_and_counts_its_calls) {
	const std::vector<json> lines = run(WIDE_OBJECT " --json");
	ASSERT_GT(lines.size(), 20u);
	EXPECT_EQ(text(lines.front(), "kind"), "start");
	EXPECT_EQ(dump(lines.front().get(), "programs"), R"(["wide","gate"])");
	EXPECT_EQ(text(lines.back(), "kind"), "end");
	std::size_t calls = 0;
	for (const json& each : lines)
		calls += text(each, "kind") == "call";
	EXPECT_EQ(dump(lines.back().get(), "calls"), std::to_string(calls));
	EXPECT_EQ(json_object_get(lines.back().get(), "maps"), nullptr) << "only with --maps";
}

TEST(sockops_run_json, says_what_a_program_did) {
	const std::vector<json> lines = run(WIDE_OBJECT " --json --records 'events=struct change'");
	const json_t* const connect = call(lines, "TCP_CONNECT_CB", "client");
	EXPECT_EQ(
		dump(connect, "options"),
		R"([{"program":"wide","op":"TCP_CONNECT_CB","level":6,"optname":1002,"name":"TCP_BPF_SNDCWND_CLAMP","value":30,"error":null},)"
		R"({"program":"wide","op":"TCP_CONNECT_CB","level":6,"optname":1001,"name":"TCP_BPF_IW","value":0,"error":"EINVAL"},)"
		R"({"program":"wide","op":"TCP_CONNECT_CB","level":6,"optname":13,"name":"TCP_CONGESTION","value":"dctcp2","error":"ENOENT"}])");
	EXPECT_EQ(dump(connect, "printk"), R"(["hello to port 20817"])");
	EXPECT_EQ(dump(connect, "maps"), R"([{"map":"seen","key":{"port":20817,"active":1},"old":null,)"
									 R"("new":{"calls":1,"op":{"first":3,"last":3}}}])");
	const json_t* const window = call(lines, "RWND_INIT", "client");
	EXPECT_EQ(dump(window, "result"), "20");
	EXPECT_EQ(
		dump(window, "programs"),
		R"([{"name":"wide","returned":1,"reply":[0,20],"flags":[4,4]},{"name":"gate","returned":1,"reply":[20,20],"flags":[4,4]}])");
	const json_t* const state = call(lines, "STATE_CB", "server");
	EXPECT_EQ(dump(state, "args"), "[3,1]");
	EXPECT_EQ(dump(state, "records"), R"([{"map":"events","value":{"from":3,"to":1}}])");
	EXPECT_EQ(dump(call(lines, "TIMEOUT_INIT", "client"), "result"), "-1") << "gate denies";
	EXPECT_EQ(dump(call(lines, "RWND_INIT", "server"), "full_socket"), "false");
}

TEST(sockops_run_json, has_faults_and_expectations) {
	const std::vector<json> lines =
		run(STOPPED_OBJECT " --unchecked --json --maps --timeline " SHORT_TIMELINE, 1);
	ASSERT_FALSE(lines.empty());
	const json_t* const connect = call(lines, "TCP_CONNECT_CB", "client");
	EXPECT_NE(dump(connect, "faults").find("stopped.bpf.c:"), std::string::npos) << dump(connect, "faults");
	EXPECT_NE(dump(lines.back().get(), "faults").find(R"("program":"stopped","count":1)"), std::string::npos);
	EXPECT_EQ(dump(lines.back().get(), "maps"), R"([{"map":"ports","type":"HASH","entries":[]}])");
	EXPECT_EQ(dump(lines.back().get(), "differences"), "[]") << "only with --expect";
	EXPECT_EQ(dump(lines.back().get(), "exit_status"), "1");
	EXPECT_EQ(dump(run(STOPPED_OBJECT " --unchecked --json --keep-going").back().get(), "exit_status"), "0");
}

TEST(sockops_run_json, has_several_objects_and_what_they_take_from_each_other) {
	const std::vector<json> lines = run(WIDE_OBJECT " " OBSERVER_OBJECT "@/web --json --watch most");
	EXPECT_EQ(dump(lines.front().get(), "client_cgroup"), R"("/web/client")");
	const json_t* const objects = json_object_get(lines.front().get(), "objects");
	ASSERT_EQ(json_array_size(objects), 2u);
	EXPECT_EQ(dump(json_array_get(objects, 1), "name"), R"("observer")");
	EXPECT_EQ(dump(json_array_get(objects, 1), "cgroup"), R"("/web")");
	EXPECT_EQ(dump(json_array_get(objects, 1), "programs"), R"(["observer","sample"])");
	EXPECT_EQ(
		dump(call(lines, "RWND_INIT", "client"), "spoiled"),
		R"([{"what":"discarded_reply","of":["wide"],"by":["observer"],"value":20,"text":"observer returned )"
		R"(0: the reply 20 of wide is discarded, the stack's default window is used"}])");
	EXPECT_EQ(dump(lines.back().get(), "denied"),
			  R"({"calls":18,"programs":{"gate":3,"observer":18},"replies":2})");
	const json_t* const taken = json_array_get(json_object_get(lines.back().get(), "spoiled"), 3);
	EXPECT_EQ(dump(taken, "what"), R"("taken_flags")");
	EXPECT_EQ(dump(taken, "count"), "1");
	EXPECT_EQ(dump(taken, "op"), R"("ACTIVE_ESTABLISHED_CB")");
}

TEST(sockops_run_json, has_a_map_that_two_objects_pin_once) {
	const std::vector<json> lines =
		run(PINNED_OBJECT "@/ " PINNED_OBJECT "@/ --json --maps --records 'pinned#2:events=struct event'");
	EXPECT_EQ(dump(call(lines, "TCP_CONNECT_CB", "client"), "maps"),
			  R"([{"map":"pinned:calls","key":3,"old":null,"new":2}])");
	EXPECT_EQ(dump(call(lines, "TCP_CONNECT_CB", "client"), "records"),
			  R"([{"map":"pinned:events","value":{"op":3}},{"map":"pinned:events","value":{"op":3}}])");
	const json_t* const maps = json_object_get(lines.back().get(), "maps");
	ASSERT_EQ(json_array_size(maps), 1u);
	EXPECT_EQ(dump(json_array_get(maps, 0), "map"), R"("pinned:calls")");
	EXPECT_EQ(dump(lines.front().get(), "notices"), "[]") << "the records have a type";
}

TEST(sockops_run_json, keeps_numbers_that_a_double_does_not_hold) {
	const std::vector<json> lines =
		run(OBSERVER_OBJECT " --json --maps --set most=1152921504606846977 --watch most");
	json_t* const maps = json_object_get(lines.back().get(), "maps");
	std::string entries;
	for (std::size_t at = 0; at != json_array_size(maps); ++at)
		if (json_t* const each = json_array_get(maps, at); dump(each, "map") == "\"most\"")
			entries += dump(each, "entries");
	EXPECT_EQ(entries, R"([{"key":null,"value":1152921504606846977}])");
}

TEST(sockops_run_json, tells_findings_where_they_are_and_counts_them_by_their_place) {
	const std::vector<json> lines = run(UNWRITTEN_OBJECT " --json --timeline " SHORT_TIMELINE, 1);
	const json_t* const told = json_object_get(call(lines, "PASSIVE_ESTABLISHED_CB", "server"), "findings");
	ASSERT_EQ(json_array_size(told), 3u);
	const json_t* const counted = json_object_get(lines.back().get(), "findings");
	ASSERT_EQ(json_array_size(counted), 3u);
	const json_t* const first = json_array_get(counted, 0);
	EXPECT_EQ(dump(first, "program"), R"("unwritten")");
	EXPECT_EQ(dump(first, "count"), "2");
	EXPECT_EQ(dump(first, "first_side"), R"("client")");
	EXPECT_NE(dump(first, "source_file").find("unwritten.bpf.c"), std::string::npos);
	EXPECT_NE(dump(first, "source_line"), "null");
	EXPECT_NE(dump(first, "text").find("key of 'conns'"), std::string::npos);
	EXPECT_EQ(dump(lines.back().get(), "exit_status"), "1");
}

TEST(sockops_run_json, has_the_verdicts_of_a_check) {
	const std::vector<json> lines = run("--check " VERDICTS_OBJECT " " WIDE_OBJECT " /nowhere.o --json", 1);
	ASSERT_EQ(lines.size(), 5u);
	EXPECT_EQ(text(lines[0], "kind"), "checks");
	EXPECT_EQ(dump(lines[0].get(), "objects"), "3");
	EXPECT_EQ(dump(lines[0].get(), "kernel"), "null") << "only with --ask-kernel";
	const json_t* const programs = json_object_get(lines[1].get(), "programs");
	ASSERT_EQ(json_array_size(programs), 5u);
	const json_t* const refused = json_object_get(json_array_get(programs, 0), "refused");
	EXPECT_EQ(dump(refused, "by"), R"("kernel")");
	EXPECT_EQ(dump(refused, "instruction"), "1");
	EXPECT_EQ(dump(refused, "source_text"), R"("*(volatile __u32 *)&skops->op = 1;")");
	EXPECT_EQ(dump(json_object_get(json_array_get(programs, 2), "refused"), "by"), R"("not_here")");
	EXPECT_EQ(dump(json_array_get(programs, 4), "taken"), "true");
	EXPECT_EQ(dump(json_array_get(programs, 4), "refused"), "null");
	EXPECT_EQ(text(lines[2], "fate"), "checked");
	EXPECT_EQ(text(lines[3], "fate"), "failed");
	EXPECT_NE(text(lines[3], "why").find("No such file"), std::string::npos) << text(lines[3], "why");
	EXPECT_EQ(dump(lines[4].get(), "refused"), "3");
	EXPECT_EQ(dump(lines[4].get(), "failed"), "1");
	EXPECT_EQ(dump(lines[4].get(), "exit_status"), "1");
}

TEST(sockops_run_json, says_that_a_run_was_unchecked) {
	EXPECT_EQ(dump(run(WIDE_OBJECT " --json").back().get(), "unchecked"), "false");
	EXPECT_EQ(dump(run(WIDE_OBJECT " --json --unchecked").back().get(), "unchecked"), "true");
}

} // namespace
