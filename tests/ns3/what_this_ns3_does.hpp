// SPDX-License-Identifier: MIT
// What releases of ns-3 do otherwise and no header of theirs tells: asked of the library itself.
#pragma once

#include <sockops/ns3/ns3.hpp>

#include <ns3/packet.h>
#include <ns3/tcp-option-sack.h>
#include <ns3/tcp-tx-buffer.h>

namespace test {

/// In recovery, where all that was lost has been sent again and nothing is new, does it send again what lies
/// above the highest SACK and may be under way?
inline bool sends_again_what_may_be_under_way() {
	constexpr uint32_t segments = 8, size = 1000;
	const auto first_of = [](uint32_t segment) { return ns3::SequenceNumber32(1 + segment * size); };
	const auto sent = ns3::CreateObject<ns3::TcpTxBuffer>();
	sent->SetHeadSequence(first_of(0));
	sent->SetSegmentSize(size);
	sent->SetDupAckThresh(3);
	sent->Add(ns3::Create<ns3::Packet>(segments * size));
	for (uint32_t i = 0; i != segments; ++i)
		(void)sent->CopyFromSequence(size, first_of(i));
	sent->Update({{first_of(1), first_of(4)}});
	(void)sent->CopyFromSequence(size, first_of(0)); // the lost one
	ns3::SequenceNumber32 next, end;
	return sent->NextSeg(&next, &end, true);
}

} // namespace test
