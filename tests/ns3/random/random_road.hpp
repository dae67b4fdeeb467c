// SPDX-License-Identifier: MIT
// One direction of a link: loses packets, by chance and by list, and brings some late or twice.
#pragma once

#include <algorithm>

#include <ns3/error-model.h>
#include <ns3/point-to-point-net-device.h>
#include <ns3/simulator.h>

#include "random_dice.hpp"
#include "random_scenario.hpp"

namespace test {

/// Of the device at which packets arrive. It draws from a seed of its own, so that nothing else in a
/// simulation moves its numbers.
class road : public ns3::ErrorModel {
  public:
	/// By this name ns-3 finds it.
	static ns3::TypeId GetTypeId() {
		static const ns3::TypeId tid = ns3::TypeId("test::road").SetParent<ns3::ErrorModel>();
		return tid;
	}
	road(const road_plan& plan, ns3::PointToPointNetDevice& device)
		: plan_(plan), device_(device), chance_(plan.seed) {}

  private:
	bool DoCorrupt(ns3::Ptr<ns3::Packet> packet) override {
		if (again_)
			return false;
		const bool listed = std::count(plan_.lost.begin(), plan_.lost.end(), seen_++) != 0;
		const std::uint32_t lot = chance_.below(1000), after = chance_.below(plan_.late_us);
		if (listed || lot < plan_.lost_per_mille)
			return true;
		const bool late = lot - plan_.lost_per_mille < plan_.late_per_mille;
		if (late || chance_.below(1000) < plan_.twice_per_mille)
			ns3::Simulator::Schedule(ns3::MicroSeconds(after), &road::bring, this, packet->Copy());
		return late;
	}
	void DoReset() override { seen_ = 0; }

	void bring(ns3::Ptr<ns3::Packet> packet) {
		again_ = true;
		device_.Receive(packet);
		again_ = false;
	}

	const road_plan plan_;
	ns3::PointToPointNetDevice& device_; ///< whose model this is
	dice chance_;
	std::uint32_t seen_ = 0;
	bool again_ = false;
};

} // namespace test
