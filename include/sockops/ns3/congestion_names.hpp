// SPDX-License-Identifier: MIT
// The names of congestion control algorithms: Linux's, which programs use, and ns-3's types.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/kern/cxx20.hpp>

#include <cstring>
#include <string>

#include <ns3/object-factory.h>
#include <ns3/tcp-congestion-ops.h>
#include <ns3/type-id.h>

namespace ns3 {

struct SockOpsCongestionName {
	const char* linux_name;
	const char* type;
};

/// Where two types share a name, the first is the one that a program gets by it. Linux's cdg, nv
/// and dctcp-reno have no model in ns-3; ns-3's TcpLedbat has no Linux module.
inline constexpr SockOpsCongestionName SockOpsCongestionNames[] = {
	{"bbr", "ns3::TcpBbr"},
	{"bic", "ns3::TcpBic"},
	{"cubic", "ns3::TcpCubic"},
	{"dctcp", "ns3::TcpDctcp"},
	{"highspeed", "ns3::TcpHighSpeed"},
	{"htcp", "ns3::TcpHtcp"},
	{"hybla", "ns3::TcpHybla"},
	{"illinois", "ns3::TcpIllinois"},
	{"lp", "ns3::TcpLp"},
	{"reno", "ns3::TcpLinuxReno"},
	{"reno", "ns3::TcpNewReno"},
	{"scalable", "ns3::TcpScalable"},
	{"vegas", "ns3::TcpVegas"},
	{"veno", "ns3::TcpVeno"},
	{"westwood", "ns3::TcpWestwood"},
	{"yeah", "ns3::TcpYeah"},
};

/// A new algorithm by its Linux name; null if ns-3 has none of it.
inline Ptr<TcpCongestionOps> MakeCongestionOps(const char* linux_name) {
	for (const SockOpsCongestionName& row : SockOpsCongestionNames) {
		TypeId type;
		if (std::strcmp(row.linux_name, linux_name) == 0 && TypeId::LookupByNameFailSafe(row.type, &type))
			return ObjectFactory(row.type).Create<TcpCongestionOps>();
	}
	return nullptr;
}

/// The Linux name of an algorithm; for one that Linux does not have, that of its ns-3 type.
inline std::string CongestionOpsName(const Ptr<const TcpCongestionOps>& algorithm) {
	const std::string type = algorithm->GetInstanceTypeId().GetName();
	for (const SockOpsCongestionName& row : SockOpsCongestionNames)
		if (type == row.type)
			return row.linux_name;
	return type;
}

} // namespace ns3
