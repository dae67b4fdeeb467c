// SPDX-License-Identifier: MIT
// A file that several processes read, change and write back, one after the other.
#pragma once

#include <string>

namespace sockops::object {

class locked_file {
  public:
	/// Waits for the others; makes it if it is not there. Throws object_error.
	explicit locked_file(const std::string& path);
	locked_file(const locked_file&) = delete;
	locked_file& operator=(const locked_file&) = delete;
	~locked_file();

	/// "" of what is no regular file.
	[[nodiscard]] const std::string& text() const noexcept { return text_; }
	/// Puts another text in its place, at once and whole: readers see the one or the other. Throws
	/// object_error.
	void replace(const std::string& text);

  private:
	[[noreturn]] void fail(const char* what);
	bool open();
	void read();

	const std::string path_;
	int fd_ = -1;
	unsigned mode_ = 0;
	bool is_regular_ = false;
	std::string text_;
};

} // namespace sockops::object
