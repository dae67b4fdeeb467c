// SPDX-License-Identifier: MIT
// The code of one source as an object runs by it: its variables, and the maps that it means by name.
#pragma once

#include <sockops/native/table.h>

#include "../object/program_code.hpp"

namespace sockops::native {

/// The right to a table's variables, which exist once.
struct claim_of_table {
	/// Throws object_error if somebody else has it.
	explicit claim_of_table(const sockops_native_table& of);
	/// The code has no maps any more.
	~claim_of_table();
	claim_of_table(const claim_of_table&) = delete;
	claim_of_table& operator=(const claim_of_table&) = delete;

	const sockops_native_table& table;
};

class native_code final : public object::program_code {
  public:
	/// The variables begin anew. Throws object_error with EBUSY if the table's program is loaded already.
	explicit native_code(const sockops_native_table& of);

	std::span<std::byte> variable(std::string_view name) const override;
	void use_map(const std::string& name, bpf_map_ptr map) override;
	bpf_prog_ptr make_program(const std::string& name, bool has_tail_calls,
							  const std::shared_ptr<object::program_code>& self) override;

  private:
	std::vector<bpf_map_ptr> maps_; ///< they go after the code has let go of them
	const claim_of_table claim_;
};

} // namespace sockops::native
