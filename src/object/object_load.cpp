// SPDX-License-Identifier: MIT
// Loading an object, and saying why it could not be.
#include <cerrno>
#include <cstring>

#include <sockops/object/bpf_pins.hpp>

#include "../kern/release_words.hpp"
#include "btf/padding.hpp"
#include "extern_failure.hpp"
#include "kconfig.hpp"
#include "libbpf/bpf_session.hpp"
#include "object_failure.hpp"
#include "object_state.hpp"

namespace sockops {

using namespace object;

namespace {

std::string section_in_words(const std::vector<object_prog>& progs, const std::string& name) {
	for (const object_prog& each : progs)
		if (each.name == name)
			return "section '" + each.section + "': ";
	return {};
}

} // namespace

/// What is wrong with a program: as bpf_prog_load() says it; or the map, where it uses one that was not made.
std::string bpf_object::state::program_failure(const refused_program& refused) const {
	const std::optional<u32>& map = refused.poisoned_map;
	std::string wrong = refused.why.reason;
	if (!refused.why.remedy.empty())
		wrong += ": " + refused.why.remedy;
	if (map && *map < maps.size())
		wrong = no_map_in_words(maps[*map].name) +
				"this program uses it; object_options::programs, or sockops-run --prog, names others to load";
	return name + ": " + section_in_words(progs, refused.name) + refused.why.place + wrong +
		   (types ? "" : " (compiled with -g, the object would tell the source line)");
}

/// What is wrong with the object, where no program and no map is: libbpf refused it without asking.
std::string bpf_object::state::load_failure(const libbpf_messages& messages) const {
	const std::optional<heard_refusal> heard = hear(messages.text());
	return name + ": " + (heard ? extern_failure(*heard) : messages.line());
}

void bpf_object::state::keep_what_was_made(const handle_table& handles) {
	for (object_prog& each : progs)
		if (const auto* const made = handles.find<bpf_prog_ptr>(libbpf::program_fd(each.libbpf_prog)))
			each.prog = *made;
	for (object_map& each : maps) {
		const auto* const made = handles.find<bpf_map_ptr>(libbpf::map_fd(each.libbpf_map));
		if (!made)
			continue;
		each.map = *made;
		if (each.user) // pinned by another object
			continue;
		// A map of the kernel has 15 characters of it; nobody else has seen this one yet.
		each.map.get()->attr.map_name = each.name;
		each.user = user_of(each.map);
	}
}

/// Which bytes of its maps' keys and values no member has: libbpf passes on the types of some maps alone.
void bpf_object::state::tell_padding() const {
	const auto of_map = [&](const bpf_map* map) {
		for (const object_map& each : maps)
			if (types && each.map.get() == map)
				return vm::map_padding{padding_of(*types, each.key_type),
									   padding_of(*types, each.value_type)};
		return vm::map_padding();
	};
	for (const object_prog& each : progs) {
		if (!each.prog)
			continue;
		std::vector<vm::map_padding> padding;
		for (const bpf_map_ptr& map : bpf_prog_maps(*each.prog.get()))
			padding.push_back(of_map(map.get()));
		vm::note_padding(*each.prog.get(), std::move(padding));
	}
}

void bpf_object::state::load() {
	require(stage::open, "load()");
	stage = stage::failed;
	const core_relocations core(types, image);
	bpf_session session(core);
	if (!is_release(options.kernel))
		fail_object(EINVAL, name + ": object_options::kernel is " + release_in_words(options.kernel) + ": " +
								release_remedy());
	session.set_kernel(options.kernel);
	session.set_kconfig(kconfig_text(options));
	session.set_names(programs.loaded);
	session.watch(options.watch, debug);
	const session_scope scope(session);
	const libbpf_messages messages;
	const auto begin = std::chrono::steady_clock::now();
	const auto pinning =
		options.pins ? std::unique_lock(options.pins->lock_) : std::unique_lock<std::recursive_mutex>();
	take_pinned(session);
	if (code)
		constants_to_file();
	if (const int result = libbpf::object_load(libbpf_object.get()); result != 0) {
		if (session.refused())
			fail_object(session.refused()->why.error, program_failure(*session.refused()),
						session.refused()->why.line);
		fail_object(-result,
					session.reason().empty() ? load_failure(messages) : name + ": " + session.reason());
	}
	for (const std::string& each : core.kernel().assumed)
		notices.push_back("CO-RE: " + each +
						  " is taken as the object declares it: this library does not know it");
	notices.insert(notices.end(), session.notices().begin(), session.notices().end());
	took = {opening + (std::chrono::steady_clock::now() - begin), session.spent()};
	keep_what_was_made(session.handles());
	if (options.watch)
		tell_padding();
	if (code)
		go_native();
	pin();
	libbpf_object.reset();
	image = {};
	debug = {};
	stage = stage::loaded;
}

} // namespace sockops
