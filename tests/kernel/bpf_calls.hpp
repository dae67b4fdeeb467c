// SPDX-License-Identifier: MIT
// bpf(2) without libbpf, and programs without a compiler: each SOCK_OPS program here appends its
// own number to a log and answers 1.
#pragma once

#include <span>
#include <utility>

#include "bpf_abi.hpp"

namespace kernel_diff {

/// bpf(2): what it returns, or -errno.
long bpf_call(abi::command command, void* attr, std::size_t size) noexcept;

template <class Attr>
long bpf_call(abi::command command, Attr& attr) noexcept {
	return bpf_call(command, &attr, sizeof(attr));
}

/// A file descriptor that closes itself.
class owned_fd {
  public:
	owned_fd() = default;
	explicit owned_fd(int fd) noexcept : fd_(fd) {}
	owned_fd(owned_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
	owned_fd& operator=(owned_fd&& other) noexcept {
		std::swap(fd_, other.fd_);
		return *this;
	}
	~owned_fd() { close(); }

	void close() noexcept;
	[[nodiscard]] int get() const noexcept { return fd_; }
	explicit operator bool() const noexcept { return fd_ >= 0; }

  private:
	int fd_ = -1;
};

/// What programs of run_log wrote, in the order in which they ran. Shared with the kernel.
class run_log {
  public:
	static constexpr std::uint32_t capacity = 1000;

	/// fd() is -errno if the map could not be made.
	run_log();
	~run_log();
	run_log(const run_log&) = delete;
	run_log& operator=(const run_log&) = delete;

	[[nodiscard]] int fd() const noexcept { return error_ ? error_ : map_.get(); }
	void clear() noexcept;
	[[nodiscard]] std::span<const std::uint8_t> entries() const noexcept;

  private:
	int error_ = 0;
	owned_fd map_;
	void* memory_ = nullptr;
};

/// A SOCK_OPS program that appends `number` to the log. An fd, or -errno.
long load_logging_prog(int log_fd, std::uint8_t number) noexcept;
/// A program of a type that is attached elsewhere.
long load_other_type_prog() noexcept;

/// BPF_OBJ_GET_INFO_BY_FD; all 0 on failure.
abi::prog_info get_prog_info(int fd) noexcept;
abi::link_info get_link_info(int fd) noexcept;

} // namespace kernel_diff
