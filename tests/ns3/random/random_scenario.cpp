// SPDX-License-Identifier: MIT
#include "random_scenario.hpp"

#include <sockops/ns3/ns3.hpp>

#include <ns3/type-id.h>

#include "random_dice.hpp"

namespace test {

namespace {

std::string text(std::uint32_t number) { return std::to_string(number); }
std::string yes_or_no(dice& chance, std::uint32_t percent) {
	return chance.percent(percent) ? "true" : "false";
}

const char* any_recovery(dice& chance) {
	static constexpr const char* all[] = {"ns3::TcpPrrRecovery", "ns3::TcpClassicRecovery"};
	return chance.any(all);
}

std::string any_congestion_control(dice& chance) {
	const auto& all = congestion_controls();
	return all[chance.below(static_cast<std::uint32_t>(all.size()))];
}

/// Those that each socket may have for itself. Buffers hold at least two of the largest segments: below that
/// ns-3's sender waits for a window that never comes.
attributes draw_socket(dice& chance, std::uint32_t segment) {
	static constexpr const char* ecn[] = {"Off", "On", "AcceptOnly"};
	static constexpr std::uint32_t delack_ms[] = {1, 10, 40, 200, 500};
	static constexpr std::uint32_t min_rto_ms[] = {20, 100, 200, 1000};
	static constexpr std::uint32_t conn_timeout_ms[] = {200, 500, 1000, 3000};
	attributes all = {
		{"SegmentSize", text(segment)},
		{"RcvBufSize", text(chance.any_size(2 * 1440, 400'000))},
		{"SndBufSize", text(chance.any_size(2 * segment, 400'000))},
		{"InitialCwnd", text(chance.percent(60) ? 10 : chance.between(1, 20))},
		{"DelAckTimeout", text(chance.any(delack_ms)) + "ms"},
		{"DelAckCount", text(chance.between(1, 3))},
		{"MinRto", text(chance.any(min_rto_ms)) + "ms"},
		{"ConnTimeout", text(chance.any(conn_timeout_ms)) + "ms"},
		{"PersistTimeout", text(chance.between(1, 6)) + "s"},
		{"UseEcn", chance.any(ecn)},
		{"TcpNoDelay", yes_or_no(chance, 70)},
		{"Sack", yes_or_no(chance, 75)},
		{"Timestamp", yes_or_no(chance, 70)},
		{"WindowScaling", yes_or_no(chance, 75)},
		{"LimitedTransmit", yes_or_no(chance, 75)},
	};
	if (chance.percent(20))
		all.emplace_back("InitialSlowStartThreshold", text(segment * chance.between(2, 30)));
	return all;
}

/// Those of all sockets of a run, and of what is below them.
attributes draw_defaults(dice& chance) {
	attributes all = {
		{"ns3::TcpSocketState::EnablePacing", yes_or_no(chance, 25)},
		{"ns3::TcpSocketState::PaceInitialWindow", yes_or_no(chance, 50)},
		{"ns3::TcpSocketState::MaxPacingRate", text(chance.any_size(1, 1000)) + "Mbps"},
		{"ns3::FqCoDelQueueDisc::UseEcn", yes_or_no(chance, 70)},
		{"ns3::FqCoDelQueueDisc::Target", text(chance.between(1, 10)) + "ms"},
	};
	// Which not every release has.
	for (const char* name : {"Fack", "UseAbe", "DynamicPacing"})
		if (ns3::TypeId::AttributeInformation known;
			ns3::TypeId::LookupByName("ns3::TcpSocketBase").LookupAttributeByName(name, &known))
			all.emplace_back(std::string("ns3::TcpSocketBase::") + name, yes_or_no(chance, 30));
	return all;
}

road_plan draw_road(dice& chance) {
	road_plan road{};
	if (chance.percent(50))
		road.lost_per_mille = chance.any_size(1, 60);
	if (chance.percent(25))
		road.late_per_mille = chance.any_size(1, 100);
	if (chance.percent(10))
		road.twice_per_mille = chance.between(1, 30);
	road.late_us = chance.any_size(500, 100'000);
	if (chance.percent(40))
		for (std::uint32_t n = chance.between(1, 6); n != 0; --n)
			road.lost.push_back(chance.below(80));
	road.seed = chance.number();
	return road;
}

/// A chain, a star, or what lies between.
std::vector<link_plan> draw_links(dice& chance, std::uint32_t nodes) {
	const std::uint32_t shape = chance.below(3);
	std::vector<link_plan> links;
	for (std::uint32_t i = 1; i != nodes; ++i) {
		const std::uint32_t to = shape == 0 ? i - 1 : shape == 1 ? 0 : chance.below(i);
		links.push_back({to, chance.any_size(300, 100'000), chance.any_size(50, 80'000),
						 chance.any_size(2, 100), draw_road(chance), draw_road(chance)});
	}
	return links;
}

side_plan draw_side(dice& chance, std::uint32_t segments, std::uint32_t segment) {
	static constexpr ending ends[] = {ending::stays, ending::closes, ending::closes, ending::half_closes};
	side_plan side{};
	side.bytes = chance.any_size(0, segments * segment);
	side.piece = chance.any_size(1 + segment / 8, 8 * segment);
	if (chance.percent(35))
		side.gap_us = chance.any_size(100, 300'000);
	if (chance.percent(15))
		side.read_gap_us = chance.any_size(1000, 1'000'000);
	side.end = chance.any(ends);
	if (chance.percent(12))
		side.quits_after_us = chance.any_size(1, 3'000'000);
	return side;
}

} // namespace

const std::vector<std::string>& congestion_controls() {
	static const std::vector<std::string> all = [] {
		std::vector<std::string> found;
		for (const char* name :
			 {"Bbr", "Bic", "Cubic", "Dctcp", "HighSpeed", "Htcp", "Hybla", "Illinois", "Ledbat", "LinuxReno",
			  "Lp", "NewReno", "Scalable", "Vegas", "Veno", "Westwood", "WestwoodPlus", "Yeah"})
			if (ns3::TypeId type; ns3::TypeId::LookupByNameFailSafe(std::string("ns3::Tcp") + name, &type))
				found.push_back(type.GetName());
		return found;
	}();
	return all;
}

scenario draw_scenario(std::uint64_t seed) {
	dice chance(seed);
	static constexpr std::uint32_t segments_in_all = 500;
	static constexpr std::uint32_t segment_sizes[] = {100, 536, 1000, 1400, 1440};
	scenario what{seed, chance.percent(40), chance.between(5, 30), draw_defaults(chance), {}, {}, {}};
	const std::uint32_t nodes = chance.between(2, 5);
	const bool each_its_own = chance.percent(50);
	std::uint32_t segment = chance.any(segment_sizes);
	std::string congestion_control = any_congestion_control(chance);
	for (std::uint32_t i = 0; i != nodes; ++i) {
		if (each_its_own) {
			segment = chance.any(segment_sizes);
			congestion_control = any_congestion_control(chance);
		}
		what.nodes.push_back({congestion_control, any_recovery(chance), draw_socket(chance, segment)});
	}
	what.links = draw_links(chance, nodes);
	const std::uint32_t connections = chance.any_size(1, 8);
	for (std::uint32_t i = 0; i != connections; ++i) {
		const std::uint32_t from = chance.below(nodes), to = (from + chance.between(1, nodes - 1)) % nodes;
		const std::uint32_t segments = segments_in_all / connections;
		connection_plan plan{from, to, chance.any_size(0, 2'000'000), chance.percent(5), chance.percent(3),
							 {}};
		plan.sides[0] = draw_side(chance, segments, segment);
		plan.sides[1] = draw_side(chance, chance.percent(40) ? segments : segments / 10, segment);
		what.connections.push_back(plan);
	}
	return what;
}

std::string in_words(const scenario& what) {
	std::string words = "seed " + std::to_string(what.seed) + ": " + std::to_string(what.nodes.size()) +
						(what.ipv6 ? " nodes, IPv6, " : " nodes, IPv4, ") +
						std::to_string(what.connections.size()) + " connections;";
	for (const node_plan& node : what.nodes)
		words += " " + node.congestion_control.substr(node.congestion_control.rfind(':') + 1);
	return words;
}

} // namespace test
