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

std::string bpf_object::state::section_of_program(const std::string& program) const {
	for (const object_prog& each : progs)
		if (each.name == program)
			return each.section;
	return {};
}

/// What is wrong with a program: as bpf_prog_load() says it; or the map, where it uses one that was not made.
bpf_load_error bpf_object::state::refusal_in_full(const refused_program& refused) const {
	bpf_load_error why = refused.why;
	const std::optional<u32>& map = refused.poisoned_map;
	if (map && *map < maps.size()) {
		why.reason =
			no_map_in_words(maps[*map].name) +
			"this program uses it; object_options::programs, or sockops-run --prog, names others to load";
		why.refused_by = bpf_load_error::by::not_here;
		why.rule = why.remedy = "";
		why.way.clear();
	}
	const std::string section = section_of_program(refused.name);
	why.message = name + ": " + (section.empty() ? "" : "section '" + section + "': ") + why.place +
				  why.reason + (types ? "" : " (compiled with -g, the object would tell the source line)");
	return why;
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

/// libbpf reads the object and asks for what is in it, which the session answers.
void bpf_object::state::load_by_libbpf(bpf_session& session, const core_relocations& core) {
	if (!is_release(options.kernel))
		fail_object(EINVAL, name + ": object_options::kernel is " + detail::release_in_words(options.kernel) +
								": " + detail::release_remedy());
	session.set_kernel(options.kernel);
	session.set_kconfig(kconfig_text(options));
	session.set_names(programs.loaded);
	const session_scope scope(session);
	const libbpf_messages messages;
	take_pinned(session);
	if (code)
		constants_to_file();
	if (const int result = libbpf::object_load(libbpf_object.get()); result != 0) {
		if (session.refused())
			fail_refused(refusal_in_full(*session.refused()));
		fail_object(-result,
					session.reason().empty() ? load_failure(messages) : name + ": " + session.reason());
	}
	for (const std::string& each : core.kernel().assumed)
		notices.push_back("CO-RE: " + each +
						  " is taken as the object declares it: this library does not know it");
	notices.insert(notices.end(), session.notices().begin(), session.notices().end());
}

std::unique_lock<std::recursive_mutex> bpf_object::state::lock_pins() const {
	return options.pins ? std::unique_lock(options.pins->lock_) : std::unique_lock<std::recursive_mutex>();
}

void bpf_object::state::load() {
	require(stage::open, "load()");
	stage = stage::failed;
	const core_relocations core(types, image);
	bpf_session session(core);
	session.watch(options.watch, debug);
	session.load_unchecked(options.unchecked);
	const auto begin = std::chrono::steady_clock::now();
	const auto pinning = lock_pins();
	load_by_libbpf(session, core);
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
