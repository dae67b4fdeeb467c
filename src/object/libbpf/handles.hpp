// SPDX-License-Identifier: MIT
// Descriptors that stand for maps, programs and types: memfds, so that whoever holds one may dup(), fstat()
// and close() it as he would the kernel's, without telling us. Which object it is says the inode.
#pragma once

#include <map>
#include <utility>
#include <variant>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/map/bpf_map.hpp>
#include <sockops/object/typed_value.hpp>

namespace sockops::object {

/// What a descriptor stands for.
using handled_object = std::variant<bpf_map_ptr, bpf_prog_ptr, btf_ptr>;

/// Of one session; not thread-safe. Holds a reference, and a descriptor of its own so that no inode is used
/// twice while it lives.
class handle_table {
  public:
	handle_table() = default;
	handle_table(const handle_table&) = delete;
	handle_table& operator=(const handle_table&) = delete;
	~handle_table();

	/// A new descriptor for the object, which belongs to the caller; -errno. That of a map with memory of its
	/// own can be mapped.
	int open(handled_object object);
	/// A descriptor that stands for nothing, for answers that are only closed again; -errno.
	static int open_nothing() noexcept;

	/// The object of a descriptor, if it is a T; else nullptr.
	template <class T>
	const T* find(int fd) const noexcept {
		const handled_object* const object = find_object(fd);
		return object ? std::get_if<T>(object) : nullptr;
	}

  private:
	using inode = std::pair<u64, u64>; ///< st_dev, st_ino
	struct entry {
		handled_object object;
		int kept;
	};
	static bool inode_of(int fd, inode& id) noexcept;
	const handled_object* find_object(int fd) const noexcept;

	std::map<inode, entry> entries_;
};

} // namespace sockops::object
