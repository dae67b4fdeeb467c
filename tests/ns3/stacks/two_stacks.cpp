// SPDX-License-Identifier: MIT
#include "two_stacks.hpp"

#include "stack_log.hpp"
#include "timeline_in_ns3.hpp"

#include <stdexcept>

#include <sockops/cgroup/link.hpp>
#include <sockops/testing/play.hpp>

namespace test {

using namespace sockops;

namespace {

constexpr const char* cgroup_of_both = "/fleet/web";

/// Keeps what the small TCP tells.
class listener final : public sockops::testing::play_listener {
  public:
	explicit listener(stack_log& log) : log_(log) {}
	void called(sockops::testing::side who, u64, const trace_call& call) override { log_.called(who, call); }
	void option_set(sockops::testing::side, u64, const sock_common&,
					const sockops::testing::option_call& what) override {
		log_.option_set(what);
	}

  private:
	stack_log& log_;
};

} // namespace

sockops::testing::timeline timeline_of(const scenario& what) {
	const bool ipv6 = what.timeline.find("family ipv6") != what.timeline.npos;
	const std::string settings =
		"\tdelay 10ms\n\tcongestion_control westwood\n\toption client TCP_NODELAY 1\n"
		"\toption server TCP_NODELAY 1\n";
	const std::string where =
		ipv6 ? "\taddress client [2001:db8::1]:20817\n\taddress server [2001:db8::2]:20816\n"
			 : "\taddress client 10.0.0.1:20817\n\taddress server 10.0.0.2:20816\n";
	return sockops::testing::timeline::parse(settings + where + what.timeline);
}

stack_calls run_in_small_tcp(const scenario& what, const program_set& programs) {
	cgroup_root world;
	std::vector<bpf_link> links;
	for (const auto& [path, prog] : programs.attached)
		links.emplace_back(world.make(path), prog);
	stack_log log;
	listener told(log);
	sockops::testing::play_options options;
	options.listener = &told;
	options.client_cgroup = options.server_cgroup = cgroup_of_both;
	const sockops::testing::played played = sockops::testing::play(timeline_of(what), world, options);
	if (!played.differences.empty())
		throw std::runtime_error(what.name + ": " + played.report());
	return log.take();
}

stack_calls run_in_ns3(const scenario& what, const program_set& programs) {
	stack_log log;
	timeline_in_ns3 sim(timeline_of(what), what.ns3_attributes, log);
	sim.hook().Join(sim.nodes(), cgroup_of_both);
	for (const auto& [path, prog] : programs.attached)
		sim.hook().Attach(path, prog);
	sim.run();
	return log.take();
}

} // namespace test
