// SPDX-License-Identifier: MIT
// The CO-RE relocations of an object: which instruction asks what about which of the kernel's types. libbpf
// answers them; what it found no answer for is told from here.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "../btf/btf_types.hpp"

namespace sockops::object {

/// enum bpf_core_relo_kind.
enum class core_kind : u32 {
	field_byte_offset,
	field_byte_size,
	field_exists,
	field_signed,
	field_lshift_u64,
	field_rshift_u64,
	type_id_local,
	type_id_target,
	type_exists,
	type_size,
	enumval_exists,
	enumval_value,
	type_matches,
};

struct core_record {
	u32 type; ///< the object's: what the question is about
	core_kind kind;
	std::string path; ///< "0:1:2": indexes from the type to a member, or that of an enumerator
};

/// Where a relocation is: a function, by its type, and the instruction, counted from the function's first.
/// libbpf moves functions, but not what is in them.
struct core_place {
	u32 function, insn;
	auto operator<=>(const core_place&) const = default;
};

using core_records = std::map<core_place, core_record>;

/// Of a file that has passed check_elf(), and whose .BTF.ext, if it has one, has passed check_btf_ext().
[[nodiscard]] core_records read_core_records(std::span<const std::byte> image);

/// What a relocation is about.
struct core_subject {
	std::string type;      ///< "struct tcp_sock", "enum tcp_ca_state"
	std::string member;    ///< "inet_conn.icsk_rto"; the enumerator; "": the type itself
	bool is_value = false; ///< of an enumeration
	bool is_bit_field = false;
};
[[nodiscard]] core_subject subject_of(const ::btf& types, const core_record& record);

/// A type's name without what stands behind "___".
[[nodiscard]] std::string essential_name(const std::string& name);

/// "CO-RE: struct tcp_sock has no member 'reordering' here". `kernel`: the types it was looked for in.
[[nodiscard]] std::string not_found_in_words(const ::btf& types, const ::btf& kernel,
											 const core_record& record);

} // namespace sockops::object
