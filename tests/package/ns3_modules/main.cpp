// SPDX-License-Identifier: MIT
// Uses what stands in modules of ns-3 that sockops::ns3 does not link.
#include <sockops/ns3/core_module_in_cxx20.hpp>

#include <cstdio>

#include <ns3/csma-helper.h>
#include <ns3/flow-monitor-helper.h>
#include <ns3/point-to-point-dumbbell.h>

int main() {
	ns3::NodeContainer nodes(2);
	ns3::CsmaHelper bus;
	const auto devices = bus.Install(nodes);
	ns3::PointToPointHelper link;
	ns3::PointToPointDumbbellHelper dumbbell(2, link, 3, link, link);
	ns3::FlowMonitorHelper flows;
	std::printf("%u devices, %u and %u leaves, flow monitor %s\n", devices.GetN(), dumbbell.LeftCount(),
				dumbbell.RightCount(), flows.GetMonitor() ? "there" : "missing");
}
