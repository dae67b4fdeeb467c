// SPDX-License-Identifier: MIT
// A folder for the files of one test, which goes with it.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace test {

/// Named after the test that is running.
class folder {
  public:
	folder()
		: path_(std::filesystem::path(testing::TempDir()) /
				(std::string("traces_") + testing::UnitTest::GetInstance()->current_test_info()->name())) {
		std::filesystem::remove_all(path_);
		std::filesystem::create_directories(path_);
	}
	~folder() { std::filesystem::remove_all(path_); }

	std::string operator/(const std::string& name) const { return path_ / name; }
	std::string text(const std::string& name) const {
		std::ifstream file(path_ / name);
		EXPECT_TRUE(file) << name;
		return {std::istreambuf_iterator<char>(file), {}};
	}
	std::vector<std::string> lines(const std::string& name) const {
		std::istringstream all(text(name));
		std::vector<std::string> found;
		for (std::string line; std::getline(all, line);)
			found.push_back(line);
		return found;
	}

  private:
	std::filesystem::path path_;
};

} // namespace test
