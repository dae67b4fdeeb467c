// SPDX-License-Identifier: MIT
// What libbpf says while it works, which is not printed.
#pragma once

#include <string>

namespace sockops::object {

/// While it lives, libbpf's warnings on this thread come here.
class libbpf_messages {
  public:
	libbpf_messages() noexcept;
	libbpf_messages(const libbpf_messages&) = delete;
	libbpf_messages& operator=(const libbpf_messages&) = delete;
	~libbpf_messages();
	/// Lines as they came, without "libbpf: " before them.
	[[nodiscard]] const std::string& text() const noexcept { return text_; }
	/// The same in one line.
	[[nodiscard]] std::string line() const;
	void add(const char* text) { text_ += text; }

  private:
	std::string text_;
	libbpf_messages* before_;
};

} // namespace sockops::object
