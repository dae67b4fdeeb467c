// SPDX-License-Identifier: MIT
// Tracefiles: what is written is read again, others' are added to, and what is none is refused.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include <gtest/gtest.h>

#include <sockops/object/coverage.hpp>

namespace {

using namespace sockops;

constexpr std::string_view of_lcov = "TN:first\n"
									 "SF:/src/tune.c\n"
									 "FN:3,tune\n"
									 "FNDA:7,tune\n"
									 "FNF:1\n"
									 "FNH:1\n"
									 "BRDA:5,0,0,7\n"
									 "BRDA:5,0,1,-\n"
									 "BRF:2\n"
									 "BRH:1\n"
									 "DA:4,7\n"
									 "DA:5,0\n"
									 "LF:2\n"
									 "LH:1\n"
									 "end_of_record\n";

std::string error_of(const std::string& text) {
	coverage into;
	try {
		into.add_tracefile(text, "old.info");
	} catch (const object_error& wrong) {
		EXPECT_TRUE(into.files().empty());
		return wrong.what();
	}
	return {};
}

TEST(a_tracefile, is_written_as_it_is_read) {
	coverage read;
	read.add_tracefile(of_lcov, "of_lcov");
	EXPECT_EQ(read.tracefile(), of_lcov);
}

TEST(a_tracefile, of_lcov_may_have_checksums_blank_lines_and_ends_of_lines_of_others) {
	coverage read;
	read.add_tracefile("TN:\r\nSF:a.c\r\n\r\nDA:4,7,Jx8KhRHIEyzZ7lD6BWk6xg\r\nend_of_record", "a.info");
	EXPECT_EQ(read.tracefile(),
			  "TN:\nSF:a.c\nFNF:0\nFNH:0\nBRF:0\nBRH:0\nDA:4,7\nLF:1\nLH:1\nend_of_record\n");
}

TEST(a_tracefile, of_lcov_2_is_read_and_written_as_one_of_lcov_1) {
	coverage read;
	read.add_tracefile("TN:\nSF:a.c\nFNL:0,3,9\nFNA:0,7,tune\nFNL:1,12\nFNA:1,0,idle\nFNF:2\nFNH:1\nDA:4,7\n"
					   "end_of_record\n",
					   "2.2.info");
	const std::string lcov_1 =
		"TN:\nSF:a.c\nFN:12,idle\nFN:3,tune\nFNDA:0,idle\nFNDA:7,tune\nFNF:2\nFNH:1\nBRF:0\n"
		"BRH:0\nDA:4,7\nLF:1\nLH:1\nend_of_record\n";
	EXPECT_EQ(read.tracefile(), lcov_1);
	coverage with_last_lines;
	with_last_lines.add_tracefile(
		"TN:\nSF:a.c\nFN:3,9,tune\nFN:12,14,idle\nFNDA:7,tune\nFNDA:0,idle\nDA:4,7\n"
		"end_of_record\n",
		"2.0.info");
	EXPECT_EQ(with_last_lines.tracefile(), lcov_1);
}

TEST(a_tracefile, that_is_none_is_refused_with_its_line_and_a_remedy) {
	for (const auto& [text, why] : std::vector<std::pair<std::string, std::string>>{
			 {"hello\n",
			  "old.info:1: 'hello' is no record of a tracefile; name a file of lcov 1.x, or one that is "
			  "not there yet"},
			 {"TN:\nDA:1,1\n", "old.info:2: 'DA' outside of a file (SF)"},
			 {"SF:a\nSF:b\n", "old.info:2: a file (SF) within a file"},
			 {"SF:\n", "old.info:1: a file (SF) within a file, or without a name"},
			 {"end_of_record\n", "old.info:1: 'end_of_record' outside"},
			 {"SF:a\nDA:1,1\n", "old.info:2: it ends within a file"},
			 {"SF:a\nDA:1\nend_of_record\n", "'DA:1' is not understood"},
			 {"SF:a\nDA:x,1\nend_of_record\n", "'DA:x,1' is not understood"},
			 {"SF:a\nDA:1,-1\nend_of_record\n", "'DA:1,-1' is not understood"},
			 {"SF:a\nDA:4294967296,1\nend_of_record\n", "is not understood"},
			 {"SF:a\nFN:1\nend_of_record\n", "'FN:1' is not understood"},
			 {"SF:a\nFNDA:f,1\nend_of_record\n", "'FNDA:f,1' is not understood"},
			 {"SF:a\nBRDA:1,2,3\nend_of_record\n", "'BRDA:1,2,3' is not understood"},
			 {"SF:a\nBRDA:1,2,3,x\nend_of_record\n", "is not understood"},
			 {"SF:a\nLF:many\nend_of_record\n", "'LF:many' is not understood"},
			 {"SF:a\nFNL:0,x,2\nend_of_record\n", "'FNL:0,x,2' is not understood"},
			 {"SF:a\nFNA:0,1,f\nend_of_record\n", "'FNA:0,1,f' is not understood"},
			 {"SF:a\nBRDA:5,e0,1,1\nend_of_record\n", "old.info:2: 'BRDA:5,e0,1,1' is of lcov 2, and files "
													  "of 1.x have no words for it; name one that "
													  "is not there yet: lcov -a FILE -a OTHER adds them up"},
			 {"SF:a\nBRDA:5,0,x == 1,1\nend_of_record\n", "'BRDA:5,0,x == 1,1' is of lcov 2"},
			 {"SF:a\nMCDC:3,1,t,1,0,x\nend_of_record\n", "'MCDC:3,1,t,1,0,x' is of lcov 2"}})
		EXPECT_NE(error_of(text).find(why), std::string::npos) << text << "is said to be: " << error_of(text);
}

struct a_file_of_coverage : testing::Test {
	std::filesystem::path folder;
	void SetUp() override {
		std::string name = (std::filesystem::temp_directory_path() / "coverage_XXXXXX").string();
		ASSERT_NE(::mkdtemp(name.data()), nullptr);
		folder = name;
	}
	void TearDown() override { std::filesystem::remove_all(folder); }

	std::string path() const { return (folder / "all.info").string(); }
	std::string text() const {
		std::ifstream in(path());
		return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
	}
	static coverage seven() {
		coverage read;
		read.add_tracefile(of_lcov, "of_lcov");
		return read;
	}
	static std::string error_at(const std::string& path) {
		try {
			seven().add_to(path);
		} catch (const object_error& wrong) {
			return wrong.what();
		}
		return {};
	}
};

TEST_F(a_file_of_coverage, is_made_and_then_added_to) {
	seven().add_to(path());
	EXPECT_EQ(text(), of_lcov);
	seven().add_to(path());
	EXPECT_NE(text().find("DA:4,14\nDA:5,0\n"), std::string::npos) << text();
	EXPECT_NE(text().find("FNDA:14,tune\n"), std::string::npos) << text();
	EXPECT_NE(text().find("BRDA:5,0,0,14\nBRDA:5,0,1,-\n"), std::string::npos) << text();
	EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1)
		<< "nothing else is left there";
}

TEST_F(a_file_of_coverage, leaves_other_files_beside_it_as_they_are) {
	const std::string beside = path() + ".new";
	std::ofstream(beside) << "my thesis\n";
	std::ofstream(path()).close();
	std::filesystem::permissions(path(), std::filesystem::perms(0640));
	seven().add_to(path());
	EXPECT_EQ(text(), of_lcov);
	EXPECT_EQ(std::filesystem::status(path()).permissions(), std::filesystem::perms(0640));
	std::ifstream kept(beside);
	EXPECT_EQ(std::string(std::istreambuf_iterator<char>(kept), {}), "my thesis\n");
	EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 2);
}

TEST_F(a_file_of_coverage, that_holds_something_else_is_left_as_it_is) {
	std::ofstream(path()) << "my thesis\n";
	EXPECT_NE(error_at(path()).find("all.info:1: 'my thesis' is no record"), std::string::npos)
		<< error_at(path());
	EXPECT_EQ(text(), "my thesis\n");
}

TEST_F(a_file_of_coverage, that_cannot_be_written_is_an_error_with_its_name) {
	EXPECT_NE(error_at("/dev/full").find("/dev/full: it cannot be written: No space left"), std::string::npos)
		<< error_at("/dev/full");
	EXPECT_NE(error_at((folder / "no" / "all.info").string())
				  .find("No such file or directory; its folder has to be"),
			  std::string::npos);
	EXPECT_NE(error_at(folder.string()).find("Is a directory"), std::string::npos)
		<< error_at(folder.string());
}

TEST_F(a_file_of_coverage, behind_a_link_stays_where_it_is) {
	std::filesystem::create_symlink("all.info", folder / "link");
	std::ofstream(path()).close();
	seven().add_to((folder / "link").string());
	EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
	EXPECT_EQ(text(), of_lcov);
}

TEST_F(a_file_of_coverage, loses_nothing_of_several_that_add_to_it_at_a_time) {
	std::vector<std::jthread> all;
	for (int i = 0; i != 8; ++i)
		all.emplace_back([&] {
			for (int times = 0; times != 10; ++times)
				seven().add_to(path());
		});
	all.clear();
	EXPECT_NE(text().find("DA:4,560\n"), std::string::npos) << text();
}

} // namespace
