// SPDX-License-Identifier: MIT
#include "programs.hpp"

#include <string>

#include <sockops/hook/sockopt.hpp>
#include <sockops/object/map_view.hpp>

#include "sockopt_record.h"

namespace lossy {

const char* side_of(std::uint32_t local_port) { return local_port == settings::port ? "server" : "client"; }

programs::programs() : object_(sockops::bpf_object::load_file(LOSSY_PROGRAMS_OBJECT)) {}

std::vector<sockopt_call> programs::take_sockopts() const {
	std::vector<sockopt_call> calls;
	for (const sockops::typed_value& each : object_.map("sockopts").records()) {
		const auto record = each.as<sockopt_record>();
		const bool by_name = record.option == sockops::tcp_option::congestion;
		const std::string now = by_name ? record.now_text : std::to_string(record.now);
		calls.push_back({side_of(record.local_port), "web_tuning",
						 sockops::find_sockopt(sockops::sol::tcp, record.option)->name,
						 by_name ? record.text : std::to_string(record.value), record.result,
						 record.readable ? now : ""});
	}
	return calls;
}

} // namespace lossy
