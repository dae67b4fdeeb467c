// SPDX-License-Identifier: MIT
// An RTT estimator that works as the one it wraps, and keeps the last measurement: RTT_CB reports
// it, and ns-3 does not keep it in all releases (what it calls "last RTT" was the smoothed one at first).
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/ns3_releases.hpp>

#include <ns3/rtt-estimator.h>

namespace ns3 {

class SockOpsRttEstimator : public SockOpsTyped<RttEstimator> {
  public:
	/// By this name ns-3 finds it.
	static TypeId GetTypeId() {
		static TypeId tid =
			TypeId("ns3::SockOpsRttEstimator").SetParent<RttEstimator>().SetGroupName("Internet");
		return tid;
	}

	explicit SockOpsRttEstimator(Ptr<RttEstimator> wrapped) : m_wrapped(wrapped) { Take(); }
	SockOpsRttEstimator(const SockOpsRttEstimator& other)
		: SockOpsTyped<RttEstimator>(other), m_wrapped(other.m_wrapped->Copy()), m_last(other.m_last) {}

	void Measurement(Time sample) override {
		m_last = sample;
		m_wrapped->Measurement(sample);
		Take();
	}
	void Reset() override {
		m_wrapped->Reset();
		Take();
	}
	Ptr<RttEstimator> Copy() const override { return CopyObject<SockOpsRttEstimator>(this); }

	/// The last measurement; 0 before the first.
	Time GetLastMeasurement() const { return m_last; }

  private:
	void Take() {
		m_estimatedRtt = m_wrapped->GetEstimate();
		m_estimatedVariation = m_wrapped->GetVariation();
		m_nSamples = m_wrapped->GetNSamples();
	}

	Ptr<RttEstimator> m_wrapped;
	Time m_last;
};

} // namespace ns3
