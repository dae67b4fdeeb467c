// SPDX-License-Identifier: MIT
#include "chosen_timeline.hpp"

namespace sockops_run {

using namespace sockops::testing;

namespace {

/// An address of an option says the family, unless --ipv6 does.
void override_address(side who, const std::string& text, const arguments& with, timeline_settings& into) {
	if (text.empty())
		return;
	const std::string option = std::string("'--") + side_name(who) + " " + text + "': ";
	try {
		const timeline_address address = timeline_address::parse(text);
		into.addresses[static_cast<std::size_t>(who)] = address;
		into.ipv6 = with.ipv6 || !address.over_ipv4();
	} catch (const timeline_error& wrong) {
		throw timeline_error(0, "", option + wrong.reason);
	}
}

} // namespace

timeline chosen_timeline(const arguments& with) {
	timeline read =
		with.timeline.empty() ? timeline::parse(builtin_timeline) : timeline::parse_file(with.timeline);
	timeline_settings& settings = read.settings;
	if (!settings.objects.objects.empty())
		throw timeline_error(settings.objects.objects.front().line,
							 "object " + settings.objects.objects.front().file,
							 "this is a text test, which names its objects itself: "
							 "sockops-run --test " +
								 with.timeline + " runs it");
	settings.ipv6 |= with.ipv6;
	override_address(side::client, with.client, with, settings);
	override_address(side::server, with.server, with, settings);
	settings.congestion_controls.insert(settings.congestion_controls.end(), with.congestion.begin(),
										with.congestion.end());
	(void)read.addresses(); // they may contradict each other
	return read;
}

} // namespace sockops_run
