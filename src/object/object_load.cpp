// SPDX-License-Identifier: MIT
// Loading an object, and saying why it could not be.
#include <cerrno>
#include <cstring>

#include "bpf_session.hpp"
#include "object_failure.hpp"
#include "object_state.hpp"
#include "poisoned.hpp"
#include "relocation_failure.hpp"

namespace sockops {
namespace {

/// What is wrong with a program: as bpf_prog_load() says it, or for an instruction that libbpf has poisoned,
/// what could not be relocated.
std::string program_failure(const bpf_load_error& why, const libbpf_messages& messages) {
	if (!is_poisoned(why.reason))
		return why.message;
	const std::string place = why.message.substr(0, why.message.size() - why.reason.size());
	return place + relocation_failure(messages.text());
}

std::string section_in_words(const std::vector<object_prog>& progs, const std::string& name) {
	for (const object_prog& each : progs)
		if (each.name == name)
			return "section '" + each.section + "': ";
	return {};
}

} // namespace

void bpf_object::state::keep_what_was_made(const handle_table& handles) {
	for (object_prog& each : progs)
		if (const auto* const made = handles.find<bpf_prog_ptr>(libbpf::program_fd(each.libbpf_prog)))
			each.prog = *made;
	for (object_map& each : maps)
		if (const auto* const made = handles.find<bpf_map_ptr>(libbpf::map_fd(each.libbpf_map))) {
			each.map = *made;
			// A map of the kernel has 15 characters of it; nobody else has seen this one yet.
			each.map.get()->attr.map_name = each.name;
		}
}

void bpf_object::state::load() {
	require(stage::open, "load()");
	stage = stage::failed;
	const core_relocations core(types, image);
	bpf_session session(core);
	const session_scope scope(session);
	const libbpf_messages messages;
	const auto begin = std::chrono::steady_clock::now();
	if (const int result = libbpf::object_load(libbpf_object.get()); result != 0) {
		const refused_program& refused = session.refused();
		if (!refused.name.empty())
			fail_object(refused.why.error, name + ": " + section_in_words(progs, refused.name) +
											   program_failure(refused.why, messages));
		fail_object(-result, name + ": " + (session.reason().empty() ? messages.line() : session.reason()));
	}
	for (const std::string& each : core.kernel().assumed)
		notices.push_back("CO-RE: " + each +
						  " is taken as the object declares it: this library does not know it");
	notices.insert(notices.end(), session.notices().begin(), session.notices().end());
	took = {opening + (std::chrono::steady_clock::now() - begin), session.spent()};
	keep_what_was_made(session.handles());
	libbpf_object.reset();
	image = {};
	stage = stage::loaded;
}

} // namespace sockops
