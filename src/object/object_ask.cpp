// SPDX-License-Identifier: MIT
// What the kernel of this machine says of an object's programs.
#include <cerrno>
#include <filesystem>

#include <sockops/object/ask_kernel.hpp>

#include "kconfig.hpp"
#include "libbpf/machine_kernel.hpp"
#include "object_failure.hpp"
#include "object_state.hpp"

namespace sockops {

using namespace object;

namespace {

/// Where a kernel's configuration may be read.
std::string config_file() {
	for (const std::string& each : {"/boot/config-" + running_kernel(), std::string("/proc/config.gz")}) {
		std::error_code ignored;
		if (std::filesystem::is_regular_file(each, ignored))
			return each;
	}
	return {};
}

/// The machine's own options, where there are none that were said.
object_options with_options_of_machine(object_options options) {
	if (const std::string file = config_file(); !file.empty())
		options.kconfig.merge(read_kconfig(file));
	return options;
}

} // namespace

/// libbpf keeps for good what a kernel can, whichever it found that out from: so it asks this library first,
/// which can all that 6.18 can.
void bpf_object::state::let_libbpf_find_out() const {
	try {
		object_options mine = options;
		mine.pins = nullptr;
		(void)open(image, name, mine)->check(true);
	} catch (const object_error&) { // said where it is asked for
	}
}

std::vector<kernel_answer> bpf_object::state::ask() {
	require(stage::open, "ask_kernel()");
	if (const no_verifier none = why_no_verifier(); none.error != 0)
		fail_object(none.error, none.why);
	stage = stage::checked;
	let_libbpf_find_out();
	bool has_options = false;
	for (const object_map& each : maps) {
		has_options |= each.section == ".kconfig";
		libbpf::map_set_autocreate(each.libbpf_map, true); // types that are not modelled, too
	}
	machine_kernel kernel(kconfig_text(has_options ? with_options_of_machine(options) : options));
	const session_scope scope(kernel);
	const libbpf_messages messages;
	if (code)
		constants_to_file();
	const int result = libbpf::object_load(libbpf_object.get());
	libbpf_object.reset(); // all that was made goes
	std::vector<kernel_answer> all = std::move(kernel.answers());
	if (result != 0 || all.size() != progs.size()) // what libbpf says, as it is about that kernel
		fail_object(result == 0 ? EINVAL : -result, std::string("Linux ") + kernel.release() +
														" is not shown the programs: " + name + ": " +
														messages.line());
	for (std::size_t at = 0; at != all.size(); ++at) { // in which libbpf loads them
		all[at].program = progs[at].name;
		all[at].section = progs[at].section;
	}
	return all;
}

std::vector<kernel_answer> ask_kernel(bpf_object& object) {
	bpf_object::state& state = *object.state_;
	std::vector<kernel_answer> all;
	with_notices(state.notices, [&] { all = state.ask(); });
	return all;
}

} // namespace sockops
