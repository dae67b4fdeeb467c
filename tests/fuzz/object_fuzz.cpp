// SPDX-License-Identifier: MIT
// Object files under a fuzzer: whatever the bytes, they are loaded or refused with an error that names the
// file. What has been loaded is looked at through its types, which are the file's, too.

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <sockops/object/bpf_object.hpp>
#include <sockops/object/map_view.hpp>
#include <sockops/sync/rcu.hpp>

namespace {

using namespace sockops;

void require(bool holds) {
	if (!holds)
		std::abort();
}

/// All its values are copied to be looked at: what nobody has written takes no memory before.
bool is_huge(bpf_map& map) { return u64{map.attr.max_entries} * map.sys_value_size() > 64u << 20; }

void look_at(const bpf_object& object) {
	for (const std::string& name : object.map_names())
		try {
			const map_view map = object.map(name);
			if (is_huge(map.map()))
				continue;
			(void)map.text();
			for (const auto& [key, value] : map.entries())
				require(!key.json().empty() && !value.json().empty());
		} catch (const object_error&) {
			// Not every type of map can be walked, and one that this library has not is not made.
		}
}

/// Whatever is written of a variable can be read again, or is refused.
void write_back(bpf_object& object) {
	for (const std::string& name : object.global_names())
		try {
			typed_value variable = object.global(name);
			const std::string c = variable.text(), json = variable.json();
			variable.set_text(c);
			variable.set_text(json);
		} catch (const object_error&) {
			// A constant, a float, a text that was cut.
		}
}

void load(std::span<const std::byte> file) {
	object_options with;
	if (file.size() % 2 == 0) // reads DWARF, too
		with.watch = bpf_watch_options();
	bpf_object object = bpf_object::open_memory(file, "fuzz.o", with);
	object.load();
	require(!object.prog_names().empty());
	look_at(object);
	write_back(object);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
	try {
		load(std::as_bytes(std::span(data, size)));
	} catch (const object_error& failure) {
		require(std::strncmp(failure.what(), "fuzz.o: ", 8) == 0 && failure.error > 0);
	}
	rcu_barrier();
	return 0;
}
