// SPDX-License-Identifier: MIT
// What RWND_INIT leaves of a socket's receive window.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/kern/cxx20.hpp>

#include <algorithm>
#include <cstdint>

namespace ns3 {

class SockOpsReceiveWindow {
  public:
	/// The reply, in packets of `segment` bytes; 0: the window is the receive buffer's.
	void Limit(uint32_t packets, uint32_t segment) {
		m_cap = static_cast<uint32_t>(std::min<uint64_t>(uint64_t{packets} * segment, UINT32_MAX));
	}
	void Forget() { m_cap = 0; }

	/// A window as it is announced: lowered, and never raised over the receive buffer. Linux rounds up to a
	/// multiple of 2^shift, so that a small reply under a large scale is not a closed window; so does this.
	uint16_t Announced(uint16_t window, uint8_t shift) const {
		const uint64_t lost_by_shift = (uint64_t{1} << shift) - 1;
		return m_cap == 0
				   ? window
				   : static_cast<uint16_t>(std::min<uint64_t>(window, (m_cap + lost_by_shift) >> shift));
	}

	/// Data came; in sequence, the cap grows by two segments, as tcp_grow_window() does, until it is none.
	void DataArrived(bool in_sequence, uint32_t segment, uint32_t receive_buffer) {
		if (m_cap >= receive_buffer)
			m_cap = 0;
		else if (m_cap != 0 && in_sequence)
			m_cap += 2 * segment;
	}

  private:
	uint32_t m_cap = 0; ///< bytes; 0: none
};

} // namespace ns3
