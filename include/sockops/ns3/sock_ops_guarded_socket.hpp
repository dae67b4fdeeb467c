// SPDX-License-Identifier: MIT
// ns-3's socket, spared three faults of its own that end a simulation. What it does else is the base's,
// packet by packet. A node with our TCP that never joined a cgroup has these.
//
// Context: the simulator's thread.
#pragma once

#include <algorithm>

#include <sockops/ns3/ns3_releases.hpp>

#include <ns3/simulator.h>
#include <ns3/tcp-tx-buffer.h>

namespace ns3 {

class SockOpsGuardedSocket : public SockOpsAnySocket {
  public:
	SockOpsGuardedSocket() = default;
	SockOpsGuardedSocket(const SockOpsGuardedSocket&) = default;
	~SockOpsGuardedSocket() override {
		if (s_nothingFits == this)
			s_nothingFits = nullptr;
	}

  protected:
	Ptr<TcpSocketBase> Fork() override { return CopyObject<SockOpsGuardedSocket>(this); }

	/// ns-3 asks for a packet of no bytes, and then dereferences a null pointer, when what was sent fills the
	/// peer's window to the byte and part of it is SACKed: easily so with a small RWND_INIT. That packet is
	/// refused here, and AvailableWindow() tells the loop that asked that there is no room.
	uint32_t SendDataPacket(SequenceNumber32 seq, uint32_t maxSize, bool withAck) override {
		s_nothingFits = maxSize == 0 ? this : nullptr;
		if (maxSize == 0)
			return 0;
		// ns-3 divides by the pacing rate, which is 0 where the window was, and in an algorithm that does not
		// know a rate yet.
		if (m_tcb->m_pacing && m_tcb->m_pacingRate.Get().GetBitRate() == 0)
			m_tcb->m_pacingRate = m_tcb->m_maxPacingRate;
		return SockOpsAnySocket::SendDataPacket(seq, maxSize, withAck);
	}
	uint32_t AvailableWindow() const override {
		if (s_nothingFits != this)
			return SockOpsAnySocket::AvailableWindow();
		s_nothingFits = nullptr;
		return 0;
	}

	/// A closed window is probed with the next byte, and ns-3 dereferences a null pointer where all bytes
	/// were sent already. Then the retransmission timer is what goes on; this one waits for the next turn.
	void PersistTimeout() override {
		if (m_txBuffer->SizeFromSequence(m_tcb->m_nextTxSequence) != 0)
			return SockOpsAnySocket::PersistTimeout();
		m_persistTimeout = std::min(Seconds(60), 2 * m_persistTimeout);
		m_persistEvent = Simulator::Schedule(m_persistTimeout, &SockOpsGuardedSocket::PersistTimeout, this);
	}

  private:
	/// Whose packet of no bytes was refused last, until it has been told. (A member would make each socket of
	/// a node that never joined larger than ns-3's.)
	static inline thread_local const SockOpsGuardedSocket* s_nothingFits = nullptr;
};

} // namespace ns3
