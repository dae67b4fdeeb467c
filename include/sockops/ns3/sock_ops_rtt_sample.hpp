// SPDX-License-Identifier: MIT
// The RTT sample that RTT_CB reports. ns-3 hands it to a socket's RTT estimator and does not keep it in all
// releases (what it calls "last RTT" was the smoothed one at first). So while ns-3 looks for a sample, an
// estimator stands in for the socket's own that hands it on and keeps it.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/ns3_releases.hpp>

#include <optional>

#include <ns3/rtt-estimator.h>

namespace ns3 {

/// The one that stands in: works as the one behind it.
class SockOpsRttRelay : public SockOpsTyped<RttEstimator> {
  public:
	/// By this name ns-3 finds it.
	static TypeId GetTypeId() {
		static TypeId tid = TypeId("ns3::SockOpsRttRelay").SetParent<RttEstimator>().SetGroupName("Internet");
		return tid;
	}

	/// Stands in for `behind` from here on; null: for nobody.
	void StandIn(Ptr<RttEstimator> behind, std::optional<Time> sample = {}) {
		m_behind = behind;
		m_sample = sample;
		if (behind)
			Take();
	}
	/// For whom it stands in; null: for nobody.
	Ptr<RttEstimator> Behind() const { return m_behind; }
	/// The measurement since then, if there was one.
	const std::optional<Time>& Sample() const { return m_sample; }

	void Measurement(Time sample) override {
		m_sample = sample;
		m_behind->Measurement(sample);
		Take();
	}
	void Reset() override {
		m_behind->Reset();
		Take();
	}
	Ptr<RttEstimator> Copy() const override { return m_behind->Copy(); }

  private:
	void Take() {
		m_estimatedRtt = m_behind->GetEstimate();
		m_estimatedVariation = m_behind->GetVariation();
		m_nSamples = m_behind->GetNSamples();
	}

	Ptr<RttEstimator> m_behind;
	std::optional<Time> m_sample;
};

/// What `look` finds, a function of ns-3's that may measure with the estimator of `used`. One relay serves
/// all sockets of a thread; who listens to a measurement may come here again.
template <class Look>
std::optional<Time> SockOpsRttSample(Ptr<RttEstimator>& used, Look look) {
	static thread_local Ptr<SockOpsRttRelay> relay;
	if (!relay)
		relay = CreateObject<SockOpsRttRelay>();
	const Ptr<RttEstimator> outer = relay->Behind(), own = used;
	const std::optional<Time> outerSample = relay->Sample();
	relay->StandIn(own);
	used = relay;
	look();
	const std::optional<Time> found = relay->Sample();
	used = own;
	relay->StandIn(outer, outerSample);
	return found;
}

} // namespace ns3
