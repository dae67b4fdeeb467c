// SPDX-License-Identifier: MIT
// The public face of an object: files, programs and maps by name.
#include <sockops/object/bpf_object.hpp>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "object_failure.hpp"
#include "object_files.hpp"
#include "object_state.hpp"

namespace sockops {

using namespace object;

std::vector<std::byte> object::read_file(const std::string& path) {
	std::ifstream in(path, std::ios::binary);
	const int error = !in ? errno : std::filesystem::is_directory(path) ? EISDIR : EIO;
	std::vector<char> chars;
	char block[1 << 16];
	while (in.read(block, sizeof block), in.gcount() != 0)
		chars.insert(chars.end(), block, block + in.gcount());
	if (!in.eof())
		fail_object(error, path + ": it cannot be read: " + std::strerror(error));
	const auto* const first = reinterpret_cast<const std::byte*>(chars.data());
	return {first, first + chars.size()};
}

namespace {

std::string in_words(const std::vector<std::string>& all) {
	std::string names;
	for (const std::string& each : all)
		names += (names.empty() ? "" : ", ") + each;
	return names.empty() ? "it has none" : "it has " + names;
}

} // namespace

bpf_object::bpf_object(std::unique_ptr<state> from) noexcept : state_(std::move(from)) {}
bpf_object::bpf_object(bpf_object&&) noexcept = default;
bpf_object& bpf_object::operator=(bpf_object&&) noexcept = default;
bpf_object::~bpf_object() = default;

/// The last descriptor of a PROG_ARRAY has been closed, which empties it: programs that hold the array that
/// holds them would otherwise stay for ever.
std::shared_ptr<const void> object::user_of(bpf_map_ptr map) {
	struct last_close {
		void operator()(const bpf_map_ptr* of) const {
			of->get()->release_uref();
			delete of;
		}
	};
	return std::shared_ptr<const bpf_map_ptr>(new bpf_map_ptr(std::move(map)), last_close());
}

bpf_object bpf_object::open_file(const std::string& path, const object_options& with) {
	if (with.form == program_form::native)
		return bpf_object(state::open_native(stem_of(path), file_name(path), with));
	return bpf_object(state::open(read_file(path), file_name(path), with));
}

bpf_object bpf_object::open_memory(std::span<const std::byte> elf, const std::string& name,
								   const object_options& with) {
	return bpf_object(state::open({elf.begin(), elf.end()}, name, with));
}

bpf_object bpf_object::load_file(const std::string& path, const object_options& with) {
	bpf_object object = open_file(path, with);
	object.load();
	return object;
}

void bpf_object::load() {
	with_notices(state_->notices, [&] { state_->load(); });
}

const std::string& bpf_object::name() const noexcept { return state_->name; }
kernel_release bpf_object::kernel() const noexcept { return state_->options.kernel; }
const std::vector<object_notice>& bpf_object::notices() const noexcept { return state_->notices; }

const load_time& bpf_object::took() const noexcept { return state_->took; }

void bpf_object::state::require(enum stage wanted, const char* what) const {
	if (stage == wanted)
		return;
	const char* const why = stage == stage::open     ? "it has not been loaded: load() first"
							: stage == stage::loaded ? "it has been loaded"
							: stage == stage::checked
								? "it has been checked, which loads nothing: open it anew"
								: "to load it has failed: open it anew";
	fail_object(EINVAL, name + ": " + what + ": " + why);
}

bpf_prog_ptr bpf_object::prog(std::string_view name) const {
	state_->require(state::stage::loaded, "prog()");
	if (name.empty() && state_->progs.size() != 1)
		fail_object(EINVAL, state_->name + ": prog() without a name, of " +
								std::to_string(state_->progs.size()) +
								" programs: " + in_words(prog_names()));
	for (const object_prog& each : state_->progs)
		if (name.empty() || each.name == name)
			return each.prog;
	fail_object(ENOENT, state_->name + ": no sock_ops program '" + std::string(name) +
							"': " + in_words(prog_names()));
}

std::vector<std::string> bpf_object::prog_names() const {
	std::vector<std::string> names;
	for (const object_prog& each : state_->progs)
		names.push_back(each.name);
	return names;
}

map_view bpf_object::map(std::string_view name) const {
	state_->require(state::stage::loaded, "map()");
	for (const object_map& each : state_->maps)
		if (each.name == name && each.map)
			return map_view(each.map, state_->types, each.key_type, each.value_type);
	fail_object(ENOENT, state_->name + ": " + state_->no_map_in_words(name) + in_words(map_names()));
}

std::string bpf_object::state::no_map_in_words(std::string_view map) const {
	for (const object_map& each : maps)
		if (each.name == map && !bpf_map_type_is_modelled(each.type))
			return "map '" + each.name + "' is of type " + bpf_map_type_name(each.type) +
				   ", which this library has not, and was left out: ";
	return "no map '" + std::string(map) + "': ";
}

std::vector<std::string> bpf_object::map_names() const {
	std::vector<std::string> names;
	for (const object_map& each : state_->maps)
		if (each.map && each.section.empty() && each.name.front() != '.') // no constants without a name
			names.push_back(each.name);
	return names;
}

} // namespace sockops
