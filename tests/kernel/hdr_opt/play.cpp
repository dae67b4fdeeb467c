// SPDX-License-Identifier: MIT
#include "play.hpp"

#include <algorithm>
#include <cstring>

#include <unistd.h>

#include <sockops/bpf/uapi.hpp>
#include <sockops/net/sk_buff.hpp>

#include "crafted_segment.hpp"

namespace hdr_opt {

namespace {

using namespace sockops;

constexpr unsigned listening = hdr_opt_side;
constexpr unsigned option_space = 40, timestamps_take = 12;

void ask(kernel_sockets& kernel, const script& wanted) {
	kernel.clear();
	for (const auto& [number, calls] : wanted) {
		hdr_opt_slot& slot = kernel.slots()[number];
		for (std::size_t at = 0; at != calls.size(); ++at) {
			const call& each = calls[at];
			slot.calls[at].what = static_cast<std::uint32_t>(each.what);
			slot.calls[at].len = each.len;
			slot.calls[at].flags = each.flags;
			std::copy(each.bytes.begin(), each.bytes.end(), slot.answers[at].bytes);
		}
		slot.wanted = static_cast<std::uint32_t>(calls.size());
	}
}

/// Option space in a SYN or SYN-ACK with MSS, window scale, SACK_PERM and perhaps time stamps.
unsigned room_in_syn(bool timestamps) { return timestamps ? 20 : 28; }

byte_list options_of(const std::uint8_t* header, std::size_t length) {
	return {header + tcp_header_size, header + length};
}

class player {
  public:
	player(kernel_sockets& kernel, const std::function<void(const run&)>& use, unsigned seed)
		: kernel_(kernel), use_(use), random_(seed) {}

	void all_data(bool timestamps);
	void random_data(bool timestamps, unsigned count);
	void handshakes(unsigned count);
	void crafted(unsigned count);

	played done;

  private:
	bool failed(const char* what) {
		if (done.error.empty())
			done.error = std::string(what) + ": " + std::strerror(errno);
		return true;
	}
	bool connect(bool timestamps, bool save_syn, const script& wanted = {});
	void data(const script& wanted);
	void craft(const byte_list& options, const script& wanted);
	void hand_over(const script& wanted, bool handshake);
	situation found_in(unsigned number, bool handshake) const;
	const hdr_opt_slot& slot(unsigned number) const { return kernel_.slots()[number]; }
	/// The options that the slot's op 15 sent, as their receiver saw them.
	std::optional<byte_list> received(unsigned number, bool handshake) const;

	kernel_sockets& kernel_;
	const std::function<void(const run&)>& use_;
	random_calls random_;
	bool timestamps_ = true;
};

bool player::connect(bool timestamps, bool save_syn, const script& wanted) {
	if (!done.error.empty())
		return false;
	timestamps_ = timestamps;
	if (!kernel_.set_timestamps(timestamps))
		return !failed("tcp_timestamps");
	ask(kernel_, wanted);
	if (!kernel_.connect(save_syn))
		return !failed("connect");
	return true;
}

situation player::found_in(unsigned number, bool handshake) const {
	const hdr_opt_slot& from = slot(number);
	situation in;
	in.op = number % hdr_opt_side;
	in.fullsock = from.fullsock;
	in.has_segment = from.has_skb;
	in.header.assign(from.header, from.header + from.header_len);
	if (from.syn_len > 0)
		in.syn.emplace(from.syn, from.syn + from.syn_len);
	if (in.op == hdr_opt_mss_slot)
		in.op = BPF_SOCK_OPS_HDR_OPT_LEN_CB;
	if (in.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB)
		in.room = handshake && in.has_segment ? room_in_syn(timestamps_)
											  : option_space - (timestamps_ ? timestamps_take : 0u);
	if (in.op == BPF_SOCK_OPS_WRITE_HDR_OPT_CB)
		in.room = (in.header[12] >> 4) * 4u - from.header_len;
	return in;
}

std::optional<byte_list> player::received(unsigned number, bool handshake) const {
	// A segment that was dropped was sent again, and then without these options.
	const bool connecting = number < listening;
	const auto sent = static_cast<std::uint32_t>((slot(number).header[12] >> 4) * 4);
	if (handshake && connecting) {
		const hdr_opt_slot& answered = slot(listening + BPF_SOCK_OPS_HDR_OPT_LEN_CB);
		if (answered.ran && answered.syn_len == sent)
			return options_of(answered.syn, static_cast<std::size_t>(answered.syn_len));
		return {};
	}
	const hdr_opt_slot& parsed = slot(connecting ? listening + BPF_SOCK_OPS_PARSE_HDR_OPT_CB
												 : unsigned{BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB});
	if (!parsed.ran || parsed.header_len != sent)
		return {};
	return options_of(parsed.header, parsed.header_len);
}

void player::hand_over(const script& wanted, bool handshake) {
	for (const auto& [number, calls] : wanted) {
		const hdr_opt_slot& from = slot(number);
		if (!from.ran)
			continue;
		run each{found_in(number, handshake), calls, {}};
		for (std::size_t at = 0; at != calls.size(); ++at)
			each.got.answers.push_back(
				{from.answers[at].result,
				 byte_list(from.answers[at].bytes, from.answers[at].bytes + calls[at].bytes.size())});
		if (number % listening == BPF_SOCK_OPS_HDR_OPT_LEN_CB) {
			const hdr_opt_slot& write = slot(number + 1);
			each.got.reserved = write.ran ? found_in(number + 1, handshake).room : 0;
		}
		if (each.in.op == BPF_SOCK_OPS_WRITE_HDR_OPT_CB)
			each.got.options = received(number, handshake);
		use_(each);
	}
}

void player::data(const script& wanted) {
	ask(kernel_, wanted);
	if (!kernel_.send_data()) {
		failed("send");
		return;
	}
	++done.segments;
	hand_over(wanted, false);
}

call reserves_all(unsigned room) { return {what::reserve, room, 0, {}}; }

std::vector<call> next(std::vector<call>& from) {
	const std::size_t count = std::min<std::size_t>(from.size(), hdr_opt_calls);
	const std::vector<call> taken(from.end() - static_cast<std::ptrdiff_t>(count), from.end());
	from.resize(from.size() - count);
	return taken;
}

void player::all_data(bool timestamps) {
	if (!connect(timestamps, timestamps))
		return;
	const unsigned room = option_space - (timestamps ? timestamps_take : 0u);
	std::vector<call> stores = all_calls(what::store), loads = all_calls(what::load);
	while (!stores.empty() && done.error.empty())
		data({{BPF_SOCK_OPS_HDR_OPT_LEN_CB, {reserves_all(room)}},
			  {BPF_SOCK_OPS_WRITE_HDR_OPT_CB, next(stores)},
			  {listening + BPF_SOCK_OPS_PARSE_HDR_OPT_CB, next(loads)}});
}

void player::random_data(bool timestamps, unsigned count) {
	if (!connect(timestamps, timestamps))
		return;
	for (unsigned each = 0; each != count && done.error.empty(); ++each)
		data({{BPF_SOCK_OPS_HDR_OPT_LEN_CB, random_.reserves()},
			  {BPF_SOCK_OPS_WRITE_HDR_OPT_CB, random_.stores()},
			  {listening + BPF_SOCK_OPS_PARSE_HDR_OPT_CB, random_.loads()},
			  {BPF_SOCK_OPS_TSTAMP_SENDMSG_CB, random_.any()},
			  {hdr_opt_mss_slot, random_.any()}});
}

void player::handshakes(unsigned count) {
	for (unsigned each = 0; each != count; ++each) {
		script wanted;
		for (unsigned number = 0; number != hdr_opt_slots; ++number)
			wanted[number] = random_.any();
		for (const unsigned side : {0u, listening}) {
			wanted[side + BPF_SOCK_OPS_HDR_OPT_LEN_CB] = random_.reserves();
			wanted[side + BPF_SOCK_OPS_WRITE_HDR_OPT_CB] = random_.stores();
			wanted[side + BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB] = random_.loads();
			wanted[side + BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB] = random_.loads();
			wanted.erase(side + BPF_SOCK_OPS_PARSE_HDR_OPT_CB);
		}
		if (!connect(random_.below(2), random_.below(2), wanted))
			return;
		if (!kernel_.send_data()) {
			failed("send after a handshake");
			return;
		}
		++done.handshakes;
		hand_over(wanted, true);
	}
}

void player::craft(const byte_list& options, const script& wanted) {
	constexpr unsigned patience = 1000; // times 100 us
	const unsigned number = listening + BPF_SOCK_OPS_PARSE_HDR_OPT_CB;
	ask(kernel_, wanted);
	if (!kernel_.send_crafted(options)) {
		failed("raw segment");
		return;
	}
	for (unsigned waited = 0; !static_cast<volatile const hdr_opt_slot&>(slot(number)).ran; ++waited) {
		if (waited == patience) {
			done.error = "a crafted segment was not parsed, options " + hex(options);
			return;
		}
		::usleep(100);
	}
	++done.crafted;
	hand_over(wanted, false);
}

void player::crafted(unsigned count) {
	if (!connect(false, true))
		return;
	const unsigned parse = listening + BPF_SOCK_OPS_PARSE_HDR_OPT_CB;
	const script first{{BPF_SOCK_OPS_HDR_OPT_LEN_CB, {reserves_all(4)}},
					   {BPF_SOCK_OPS_WRITE_HDR_OPT_CB, {{what::store, 4, 0, {30, 4, 7, 7}}}},
					   {parse, {{what::load, 4, 0, {30, 0, 0, 0}}}}};
	data(first);
	kernel_.learn_sequence(slot(parse));
	for (unsigned each = 0; each != count && done.error.empty(); ++each) {
		const byte_list options = random_.options();
		if (dropped_unseen(options))
			++done.dropped;
		else
			craft(options, {{parse, random_.loads()}});
	}
}

} // namespace

played play_all(kernel_sockets& kernel, const std::function<void(const run&)>& use, unsigned seed) {
	player plays(kernel, use, seed);
	plays.all_data(true);
	plays.all_data(false);
	plays.random_data(true, 1000);
	plays.random_data(false, 1000);
	plays.handshakes(200);
	plays.crafted(1500);
	return plays.done;
}

} // namespace hdr_opt
