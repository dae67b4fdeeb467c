// SPDX-License-Identifier: MIT
// An object file in the machine's kernel, loaded by the system's libbpf.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

struct bpf_link;
struct bpf_map;
struct bpf_object;

namespace three_ways {

using bytes = std::vector<std::byte>;

/// What the kernel has of an object, as bytes.
struct kernel_state {
	std::map<std::string, std::vector<std::pair<bytes, bytes>>>
		entries;                                       ///< by map; PERCPU: the sum of all CPUs
	std::map<std::string, bytes> variables;            ///< of .data, .bss and .rodata
	std::map<std::string, std::vector<bytes>> records; ///< by map
};

class kernel_program {
  public:
	/// error() says why it cannot be had; "" if it can.
	explicit kernel_program(const std::string& path);
	~kernel_program();
	kernel_program(const kernel_program&) = delete;
	kernel_program& operator=(const kernel_program&) = delete;

	[[nodiscard]] const std::string& error() const noexcept { return error_; }
	/// In that order, with BPF_F_ALLOW_MULTI, until the end of this. "" or what went wrong.
	std::string attach(const std::vector<std::string>& entries, int cgroup);
	/// Reads all there is. "" or what went wrong.
	std::string read(kernel_state& into);
	/// How many keys of a SOCKMAP or SOCKHASH have a socket; 0 for a map that is not there.
	[[nodiscard]] std::size_t sockets_in(const std::string& map) const;

  private:
	struct close_object {
		void operator()(::bpf_object* object) const noexcept;
	};
	std::string load(const std::string& path);
	std::string open_records(const ::bpf_map* map);

	std::string error_;
	std::unique_ptr<::bpf_object, close_object> object_;
	int cgroup_ = -1;
	std::vector<int> programs_; ///< attached there

	/// A buffer that is read as long as the object is there.
	struct reader;
	std::vector<std::unique_ptr<reader>> readers_;
};

} // namespace three_ways
