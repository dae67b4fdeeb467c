// SPDX-License-Identifier: MIT
// Loading an object, and saying why it could not be.
#include <cerrno>
#include <cstring>

#include <sockops/object/bpf_pins.hpp>

#include "kconfig.hpp"
#include "libbpf/bpf_session.hpp"
#include "libbpf/extern_failure.hpp"
#include "libbpf/poisoned.hpp"
#include "object_failure.hpp"
#include "object_state.hpp"

namespace sockops {
namespace {

std::string section_in_words(const std::vector<object_prog>& progs, const std::string& name) {
	for (const object_prog& each : progs)
		if (each.name == name)
			return "section '" + each.section + "': ";
	return {};
}

/// What stands between two marks in a message of libbpf's; "" where they are not.
std::string between(const std::string& text, std::string_view before, std::string_view after) {
	const std::size_t from = text.find(before);
	const std::size_t end = from == text.npos ? text.npos : text.find(after, from + before.size());
	return end == text.npos ? std::string() : text.substr(from + before.size(), end - from - before.size());
}

} // namespace

/// What is wrong with a program: as bpf_prog_load() says it, or for an instruction that libbpf has poisoned,
/// what could not be relocated.
std::string bpf_object::state::program_failure(const refused_program& refused,
											   const libbpf_messages& messages) const {
	const bpf_load_error& why = refused.why;
	std::string text = name + ": " + section_in_words(progs, refused.name);
	if (is_poisoned(why.reason)) {
		const std::string map = between(messages.text(), "BPF map '", "' is referenced");
		text +=
			why.message.substr(0, why.message.size() - why.reason.size()) +
			(map.empty()
				 ? std::string("it comes to an instruction that libbpf could not relocate")
				 : no_map_in_words(map) +
					   "this program uses it; object_options::programs, or sockops-run --prog, names others "
					   "to load");
	} else
		text += why.message;
	return text + (types ? "" : " (compiled with -g, the object would tell the source line)");
}

/// What is wrong with the object, where no program and no map is.
std::string bpf_object::state::load_failure(const libbpf_messages& messages) const {
	const std::string unset = between(messages.text(), "extern '", "' (strong): not resolved");
	if (unset.starts_with("CONFIG_"))
		return name + ": '" + unset + "' (__kconfig) has no value; " + kconfig_remedy(unset);
	const std::string of_kernel = extern_failure(messages.text());
	return name + ": " + (of_kernel.empty() ? messages.line() : of_kernel);
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

void bpf_object::state::load() {
	require(stage::open, "load()");
	stage = stage::failed;
	const core_relocations core(types, image);
	bpf_session session(core);
	session.set_kconfig(kconfig_text(options));
	session.set_names(programs.loaded);
	const session_scope scope(session);
	const libbpf_messages messages;
	const auto begin = std::chrono::steady_clock::now();
	const auto pinning =
		options.pins ? std::unique_lock(options.pins->lock_) : std::unique_lock<std::recursive_mutex>();
	take_pinned(session);
	if (const int result = libbpf::object_load(libbpf_object.get()); result != 0) {
		if (!session.refused().name.empty())
			fail_object(session.refused().why.error, program_failure(session.refused(), messages));
		fail_object(-result,
					session.reason().empty() ? load_failure(messages) : name + ": " + session.reason());
	}
	for (const std::string& each : core.kernel().assumed)
		notices.push_back("CO-RE: " + each +
						  " is taken as the object declares it: this library does not know it");
	notices.insert(notices.end(), session.notices().begin(), session.notices().end());
	took = {opening + (std::chrono::steady_clock::now() - begin), session.spent()};
	keep_what_was_made(session.handles());
	pin();
	libbpf_object.reset();
	image = {};
	stage = stage::loaded;
}

} // namespace sockops
