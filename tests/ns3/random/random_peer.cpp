// SPDX-License-Identifier: MIT
#include "random_peer.hpp"

#include <algorithm>

#include <ns3/simulator.h>

namespace test {

using namespace ns3;

namespace {

std::uint8_t byte_of(std::uint32_t stream, std::uint64_t at) {
	return static_cast<std::uint8_t>((at * 2'654'435'761u + stream * 40'503u) >> 11);
}

} // namespace

void peer::take(Ptr<Socket> socket) {
	socket_ = socket;
	socket->SetRecvCallback(Callback<void, Ptr<Socket>>([this](Ptr<Socket>) {
		if (!read_scheduled_)
			read();
	}));
	socket->SetSendCallback(Callback<void, Ptr<Socket>, uint32_t>([this](Ptr<Socket>, uint32_t) {
		if (begun_ && !pausing_)
			write();
	}));
	const Callback<void, Ptr<Socket>> closed([this](Ptr<Socket>) { peer_closed(); });
	socket->SetCloseCallbacks(closed, closed);
}

void peer::begin() {
	if (begun_)
		return;
	begun_ = true;
	end_.connected_ns = Simulator::Now().GetNanoSeconds();
	if (plan_.quits_after_us != 0)
		Simulator::Schedule(MicroSeconds(plan_.quits_after_us), &peer::quit, this);
	write();
}

void peer::write() {
	pausing_ = false;
	while (!ended_ && end_.written < plan_.bytes) {
		const auto left = static_cast<uint32_t>(plan_.bytes - end_.written);
		const uint32_t size = std::min({plan_.piece, left, socket_->GetTxAvailable()});
		if (size == 0)
			return; // SetSendCallback() goes on
		std::vector<uint8_t> data(size);
		for (uint32_t i = 0; i != size; ++i)
			data[i] = byte_of(stream_, end_.written + i);
		const int taken = socket_->Send(Create<Packet>(data.data(), size));
		if (taken <= 0)
			return write_later();
		end_.written += static_cast<uint32_t>(taken);
		if (plan_.gap_us != 0) {
			pausing_ = true;
			Simulator::Schedule(MicroSeconds(plan_.gap_us), &peer::write, this);
			return;
		}
	}
	if (!ended_ && end_.written == plan_.bytes)
		written_all();
}

/// ns-3 hands a connection out before it is one, where the peer's FIN completes the handshake.
void peer::write_later() {
	if (tries_++ < 5) {
		pausing_ = true;
		Simulator::Schedule(MilliSeconds(1), &peer::write, this);
	}
}

void peer::written_all() {
	if (plan_.end == ending::closes || peer_closed_) {
		close_when_read();
	} else if (plan_.end == ending::half_closes) {
		ended_ = true;
		socket_->ShutdownSend();
	}
}

void peer::read() {
	read_scheduled_ = false;
	if (quit_)
		return;
	const uint32_t most = plan_.read_gap_us != 0 ? plan_.piece : UINT32_MAX;
	while (const Ptr<Packet> data = socket_->Recv(most, 0)) {
		if (data->GetSize() == 0)
			break;
		take_in(data);
		if (plan_.read_gap_us != 0) {
			read_scheduled_ = true;
			Simulator::Schedule(MicroSeconds(plan_.read_gap_us), &peer::read, this);
			break;
		}
	}
	if (closing_)
		close_when_read();
}

void peer::take_in(Ptr<Packet> data) {
	std::vector<uint8_t> bytes(data->GetSize());
	data->CopyData(bytes.data(), data->GetSize());
	for (const uint8_t byte : bytes) {
		if (byte != byte_of(stream_ ^ 1, end_.received) && end_.wrong_at == side_end::none)
			end_.wrong_at = end_.received;
		++end_.received;
	}
	end_.last_read_ns = Simulator::Now().GetNanoSeconds();
}

void peer::peer_closed() {
	peer_closed_ = true;
	if (begun_ && end_.written == plan_.bytes)
		close_when_read();
}

/// ns-3 resets a connection that is closed with unread data.
void peer::close_when_read() {
	closing_ = true;
	if (closed_ || socket_->GetRxAvailable() != 0)
		return;
	closed_ = ended_ = true;
	socket_->Close();
}

void peer::quit() {
	quit_ = ended_ = true;
	if (closed_)
		return;
	closed_ = true;
	socket_->Close();
}

} // namespace test
