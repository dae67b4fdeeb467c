// SPDX-License-Identifier: MIT
// The BTF of a file that is being changed: read when it is first asked for, written back once.
#pragma once

#include <memory>

#include "../btf/btf_types.hpp"
#include "elf_writer.hpp"

namespace sockops::object {

class file_types {
  public:
	/// `file` has passed check_elf(), and is not changed by others before store().
	explicit file_types(elf_writer& file);

	/// Empty, if the file has none; nullptr without memory.
	[[nodiscard]] ::btf* get() noexcept { return types_.get(); }
	/// A type to write to; what points into it is good until a type is added.
	[[nodiscard]] ::btf_type* writable(u32 id) {
		changed_ = true;
		return const_cast<::btf_type*>(libbpf::btf_type_by_id(types_.get(), id));
	}
	/// Writes them, if they have changed, to the section ".BTF", which is made if there is none. False
	/// without memory.
	[[nodiscard]] bool store();

	/// A pointer to an array of that length, which is how a map's declaration says a number: its id, or
	/// -errno.
	[[nodiscard]] s32 add_number(u32 number);
	/// "unsigned int".
	[[nodiscard]] u32 word();
	/// The DATASECs whose names `wanted` takes, by their ids.
	template <class Wanted>
	[[nodiscard]] std::vector<u32> sections(Wanted wanted) const {
		std::vector<u32> found;
		for (u32 id = 1; id != libbpf::btf_type_cnt(types_.get()); ++id)
			if (const ::btf_type* const type = type_at(*types_, id);
				::btf_is_datasec(type) && wanted(std::string_view(name_at(*types_, type->name_off))))
				found.push_back(id);
		return found;
	}

  private:
	elf_writer& file_;
	std::unique_ptr<::btf, void (*)(::btf*)> types_;
	s32 word_ = 0; ///< once it is needed
	bool changed_ = false;
};

} // namespace sockops::object
