// SPDX-License-Identifier: MIT
// Types for and of the machine's kernel (BTF), by its libbpf.
#pragma once

#include <memory>
#include <optional>

#include "../kernel/bpf_calls.hpp"
#include "case_code.hpp"
#include "case_file.hpp"

struct btf;
struct bpf_func_info;

namespace verdicts {

using kernel_diff::owned_fd;

/// What the kernel says of "struct.member" and "id.struct".
std::optional<u32> symbol_of_kernel(const std::string& symbol);

/// Types that are put together, and given to the kernel.
class made_types {
  public:
	made_types();
	~made_types();

	/// All of these add what is not there yet, and return its number.
	int number(const char* name, int size, int encoding);
	/// A struct of `size` bytes, with one member of bytes at its begin.
	int bytes(const std::string& name, int size);
	int pointer_to(int type);
	/// Of a word of FORMAT.md.
	int word(const std::string& word);
	int function(const case_function& of);
	/// The value of a map, with a lock or timer where it has one.
	int value(const case_map& of);

	/// A descriptor. Throws std::runtime_error.
	[[nodiscard]] owned_fd load() const;

  private:
	int marked(const char* name, int size);

	btf* types_;
};

} // namespace verdicts
