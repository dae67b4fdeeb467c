// SPDX-License-Identifier: MIT
// The kernel that libbpf talks to: this library (bpf_session.hpp), or the machine's (machine_kernel.hpp).
#pragma once

#include <span>
#include <string>

#include <sockops/kern/types.hpp>

namespace sockops::object {

class answering_kernel {
  public:
	answering_kernel() = default;
	answering_kernel(const answering_kernel&) = delete;
	answering_kernel& operator=(const answering_kernel&) = delete;
	virtual ~answering_kernel() = default;

	/// bpf(2): a descriptor, another number from 0 on, or -errno. `size`: how much of `attr` the caller has.
	virtual long call(int command, const void* attr, u32 size) = 0;
	/// Its configuration: lines of a .config.
	[[nodiscard]] virtual const std::string& kconfig() const = 0;
	/// Its BTF; empty: none.
	[[nodiscard]] virtual std::span<const std::byte> types() const = 0;
	/// As uname(2) tells it.
	[[nodiscard]] virtual std::string release() const = 0;
	/// The file of its symbols, as /proc/kallsyms has them.
	[[nodiscard]] virtual const char* symbols() const = 0;
};

/// Makes a kernel that of this thread; the one before it comes back at the end.
class session_scope {
  public:
	explicit session_scope(answering_kernel& kernel) noexcept;
	session_scope(const session_scope&) = delete;
	session_scope& operator=(const session_scope&) = delete;
	~session_scope();
	/// nullptr: none; then the copy of libbpf gets -ENOSYS for bpf(2), and never the machine's kernel.
	[[nodiscard]] static answering_kernel* current() noexcept;

  private:
	answering_kernel* before_;
};

} // namespace sockops::object
