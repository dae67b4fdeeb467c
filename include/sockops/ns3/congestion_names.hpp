// SPDX-License-Identifier: MIT
// The names of congestion control algorithms: Linux's, which programs use, and ns-3's types, which they may
// use too.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/ns3_releases.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <strings.h>

#include <ns3/object-factory.h>
#include <ns3/tcp-congestion-ops.h>
#include <ns3/type-id.h>

namespace ns3 {

struct SockOpsCongestionName {
	const char* linux_name;
	const char* type;
};

/// Where two types share a name, the first is the one that a program gets by it. Linux's cdg, nv
/// and dctcp-reno have no model in ns-3.
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
	{"westwood", "ns3::TcpWestwoodPlus"}, // its name from 3.38 on
	{"yeah", "ns3::TcpYeah"},
};

/// What TCP_CONGESTION takes of a name, without its end: TCP_CA_NAME_MAX - 1.
inline constexpr std::size_t SockOpsCongestionNameMax = 15;

/// A type's name in its three forms: "ns3::TcpMine", "TcpMine", "Mine".
inline std::string_view WithoutNamespace(std::string_view type) {
	const std::size_t colons = type.rfind("::");
	return colons == type.npos ? type : type.substr(colons + 2);
}
inline std::string_view WithoutTcp(std::string_view type) {
	const std::string_view bare = WithoutNamespace(type);
	return bare.size() > 3 && bare.substr(0, 3) == "Tcp" ? bare.substr(3) : bare;
}

/// Is it a congestion control that can be made, and is `name` one of its forms? The last of them in upper or
/// lower case. A name as long as TCP_CONGESTION takes may be the beginning of a longer one: programs cannot
/// write more.
inline bool IsCongestionOps(TypeId type, std::string_view name) {
	if (!type.IsChildOf(TcpCongestionOps::GetTypeId()) || !type.HasConstructor())
		return false;
	const std::string whole = type.GetName();
	const auto same = [name](std::string_view form) {
		return name.size() == SockOpsCongestionNameMax ? form.substr(0, name.size()) == name : form == name;
	};
	const std::string_view mine = WithoutTcp(whole);
	return same(whole) || same(WithoutNamespace(whole)) ||
		   (mine.size() == name.size() && strncasecmp(mine.data(), name.data(), name.size()) == 0);
}

/// The type of a name: Linux's first, else that of a type which is registered. False: there is none.
inline bool FindCongestionOps(std::string_view name, TypeId& found) {
	for (const SockOpsCongestionName& row : SockOpsCongestionNames)
		if (name == row.linux_name && TypeId::LookupByNameFailSafe(row.type, &found))
			return true;
	for (uint16_t i = 0; i != TypeId::GetRegisteredN(); ++i)
		if (const TypeId type = TypeId::GetRegistered(i); IsCongestionOps(type, name)) {
			found = type;
			return true;
		}
	return false;
}

/// A new algorithm by its name; null if ns-3 has none of it.
inline Ptr<TcpCongestionOps> MakeCongestionOps(const char* name) {
	TypeId type;
	if (!FindCongestionOps(name, type))
		return nullptr;
	ObjectFactory factory;
	factory.SetTypeId(type);
	return factory.Create<TcpCongestionOps>();
}

/// What a program reads of an algorithm: the Linux name; for one that Linux does not have, the longest form
/// of its type's name that a program could set again.
inline std::string CongestionOpsName(TypeId type) {
	const std::string whole = type.GetName();
	for (const SockOpsCongestionName& row : SockOpsCongestionNames)
		if (whole == row.type)
			return row.linux_name;
	for (const std::string_view form : {std::string_view(whole), WithoutNamespace(whole), WithoutTcp(whole)})
		if (form.size() <= SockOpsCongestionNameMax)
			return std::string(form);
	return whole.substr(0, SockOpsCongestionNameMax);
}

} // namespace ns3
