// SPDX-License-Identifier: MIT
// What natively compiled code uses while it may run: its maps. Held by whoever holds one of its programs.
#pragma once

#include <memory>

#include <sockops/native/table.h>
#include <sockops/object/bpf_object.hpp>

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

struct loaded {
	/// The variables begin anew. Throws object_error if the table's program is loaded already.
	loaded(const sockops_native_table& of, const object_options& with);

	/// Makes the maps, and puts their addresses where the code finds them, and the values of __kconfig
	/// variables. Once; throws object_error.
	void load();

	const claim_of_table claim;
	bpf_object object; ///< of the same source: maps and types
	bool is_loaded = false;
};

} // namespace sockops::native
