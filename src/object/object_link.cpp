// SPDX-License-Identifier: MIT
// Several objects linked into one. libbpf's linker works on files: it gets memfds by their names in /proc, so
// that what it reads is what has been checked, and nothing is left behind.
#include <cerrno>
#include <cstring>

#include <sys/mman.h>
#include <unistd.h>

#include "check/elf_check.hpp"
#include "file/damaged_btf_ext.hpp"
#include "file/legacy_maps.hpp"
#include "object_failure.hpp"
#include "object_files.hpp"
#include "object_state.hpp"

namespace sockops {

using namespace object;

namespace {

class memory_file {
  public:
	explicit memory_file(const std::string& name) : fd_(::memfd_create("sockops object", MFD_CLOEXEC)) {
		if (fd_ < 0)
			fail_object(errno, name + ": no memory file to link with: " + std::strerror(errno));
	}
	memory_file(const memory_file&) = delete;
	memory_file& operator=(const memory_file&) = delete;
	~memory_file() { ::close(fd_); }

	std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }
	void write(std::span<const std::byte> bytes, const std::string& name) const {
		while (!bytes.empty()) {
			const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
			if (written < 0)
				fail_object(errno, name + ": no room in a memory file: " + std::strerror(errno));
			bytes = bytes.subspan(static_cast<std::size_t>(written));
		}
	}

  private:
	int fd_;
};

std::string names_of(const std::vector<std::string>& paths) {
	std::string names;
	for (const std::string& path : paths)
		names += (names.empty() ? "" : " + ") + file_name(path);
	return names;
}

/// The linker knows declarations of today alone.
std::vector<std::byte> with_maps_of_today(std::vector<std::byte> image, const std::string& name) {
	elf_writer file(image);
	file_types types(file);
	if (!types.get())
		fail_object(EINVAL, name + ": section '.BTF': it cannot be read");
	(void)declare_legacy_maps(file, types, name);
	if (!types.store())
		fail_object(ENOMEM, name + ": no memory for its types");
	return image;
}

void check_linked(int result, const std::string& name, const libbpf_messages& messages) {
	if (result != 0)
		fail_object(-result, name + ": it cannot be linked: " +
								 (messages.text().empty() ? std::strerror(-result) : messages.line()));
}

} // namespace

bpf_object bpf_object::open_linked(const std::vector<std::string>& paths, const object_options& with) {
	if (paths.empty())
		fail_object(EINVAL, "open_linked() of no file: name one or more");
	const std::string name = names_of(paths);
	const libbpf_messages messages;
	const memory_file output(name);
	const std::unique_ptr<::bpf_linker, void (*)(::bpf_linker*)> linker(
		libbpf::linker_new(output.path().c_str(), nullptr), libbpf::linker_free);
	if (!linker)
		check_linked(-errno, name, messages);
	std::vector<std::string> notes;
	debug_data debug; // which the linker leaves out
	for (const std::string& path : paths) {
		std::vector<std::byte> image = read_file(path);
		if (const std::string wrong = check_elf(image); !wrong.empty())
			fail_object(EINVAL, file_name(path) + ": " + wrong);
		if (with.watch)
			debug.add(image);
		elf_writer file(image);
		if (std::string note = leave_out_damaged_btf_ext(file, file_name(path)); !note.empty())
			notes.push_back(file_name(path) + ": " + note);
		const memory_file input(path);
		input.write(with_maps_of_today(std::move(image), file_name(path)), path);
		check_linked(libbpf::linker_add_file(linker.get(), input.path().c_str(), nullptr), file_name(path),
					 messages);
	}
	check_linked(libbpf::linker_finalize(linker.get()), name, messages);
	auto opened = state::open(read_file(output.path()), name, with);
	opened->debug = std::move(debug);
	opened->notices.insert(opened->notices.begin(), notes.begin(), notes.end());
	return bpf_object(std::move(opened));
}

} // namespace sockops
