// SPDX-License-Identifier: MIT
// struct bpf_sock_ops: the context as a program sees it, with the UAPI's names and rules.
//
//     skops.reply = 10;                        // the only writable fields: reply and sk_txhash
//     if (skops.op == BPF_SOCK_OPS_RTT_CB) …   // reads follow the field table, guards included
//     ntohl(skops.remote_port)                 // byte order as in the kernel: local_port is host
//
// The view is one pointer. A field that is not read costs nothing; one that is costs its load and
// its guard. A field is no value but converts to it, so that what deduces a type is told which:
//
//     u32 before = skops.snd_cwnd;             // or auto before = +skops.snd_cwnd;
//     auto before = skops.snd_cwnd;            // does not compile: it would show what is there later
//     std::min(+skops.snd_cwnd, 10u)           // so in printf and fmt, and where T is deduced
//
// Context: inside the call of a handler, on its thread: a view is of one call, and ends with it. Never
// waits.
#pragma once

#include <type_traits>

#include <sockops/bpf/bpf_sock_ops_fields.hpp>

namespace sockops {

namespace detail {

/// A string as a template argument.
template <std::size_t N>
struct field_name {
	char text[N];
	constexpr field_name(const char (&literal)[N]) { // NOLINT: implicit by design
		for (std::size_t i = 0; i != N; ++i)
			text[i] = literal[i];
	}
	constexpr std::string_view view() const { return {text, N - 1}; }
};

template <field_name Name>
inline constexpr const ctx_field& row = find_ctx_field(Name.view());

/// read_ctx_field() for a row known at compile time: a load and its guard.
template <field_name Name>
u64 read_row(const bpf_sock_ops_kern& ctx, unsigned index = 0) noexcept {
	constexpr auto read = row<Name>.read;
	return guard_is_open(row<Name>.guard, ctx) ? read(ctx, index) : 0;
}

template <field_name Name>
void write_row(bpf_sock_ops_kern& ctx, u32 value) noexcept {
	constexpr auto write = row<Name>.write;
	if (guard_is_open(row<Name>.guard, ctx))
		write(ctx, value);
}

template <class T>
T from_word(u64 word) noexcept {
	if constexpr (std::is_pointer_v<T>)
		return reinterpret_cast<T>(std::uintptr_t{word});
	else
		return static_cast<T>(word);
}

// All members of the view's union hold the same pointer first, so each may be read through any of
// them; calling a member function on another than the one last stored is what gcc and clang define
// for unions. The pointer is const, so that assigning a field to a
// field cannot move the view to another context.

template <field_name Name, class T>
struct ctx_read {
	bpf_sock_ops_kern* const kern;

	ctx_read(const ctx_read&) = delete; // no value: write u32 v = skops.field, or auto v = +skops.field
	ctx_read& operator=(const ctx_read&) = delete; // writable are reply and sk_txhash

	operator T() const noexcept { return from_word<T>(read_row<Name>(*kern)); }
	T operator+() const noexcept { return *this; }
};

template <field_name Name, class T>
struct ctx_array {
	bpf_sock_ops_kern* const kern;

	ctx_array(const ctx_array&) = delete; // no value: its elements are, skops.field[0]
	ctx_array& operator=(const ctx_array&) = delete;

	/// index < the field's count; beyond it: illegal use, reads 0.
	T operator[](unsigned index) const noexcept {
		if (index >= row<Name>.count) [[unlikely]] {
			illegal_use("bpf_sock_ops", "%s[%u]: the field has %u elements; reads 0", Name.text, index,
						static_cast<unsigned>(row<Name>.count));
			return 0;
		}
		return from_word<T>(read_row<Name>(*kern, index));
	}
};

template <field_name Name>
struct ctx_write {
	static_assert(row<Name>.writable);
	bpf_sock_ops_kern* const kern;

	ctx_write(const ctx_write&) = delete; // no value: write u32 v = skops.field, or auto v = +skops.field

	operator u32() const noexcept { return static_cast<u32>(read_row<Name>(*kern)); }
	u32 operator+() const noexcept { return *this; }
	ctx_write& operator=(u32 value) noexcept {
		write_row<Name>(*kern, value);
		return *this;
	}
	ctx_write& operator=(const ctx_write& other) noexcept { return *this = static_cast<u32>(other); }
	ctx_write& operator+=(u32 value) noexcept { return *this = *this + value; }
	ctx_write& operator-=(u32 value) noexcept { return *this = *this - value; }
	ctx_write& operator|=(u32 value) noexcept { return *this = *this | value; }
	ctx_write& operator&=(u32 value) noexcept { return *this = *this & value; }
	ctx_write& operator^=(u32 value) noexcept { return *this = *this ^ value; }
};

struct ctx_kern {
	bpf_sock_ops_kern* const kern;
};

} // namespace detail

class bpf_sock_ops {
	template <detail::field_name Name, class T = u32>
	using read = detail::ctx_read<Name, T>;
	template <detail::field_name Name, class T = u32>
	using array = detail::ctx_array<Name, T>;
	template <detail::field_name Name>
	using write = detail::ctx_write<Name>;

  public:
	explicit bpf_sock_ops(bpf_sock_ops_kern& ctx) noexcept : self{&ctx} {}
	bpf_sock_ops(const bpf_sock_ops&) = delete; // it would show the same call: write bpf_sock_ops&
	bpf_sock_ops& operator=(const bpf_sock_ops&) = delete;

	/// The kernel's side of it, for helpers.
	bpf_sock_ops_kern& kern() const noexcept { return *self.kern; }

	union {
		detail::ctx_kern self;

		read<"op"> op;                ///< bpf_sock_ops_op
		write<"reply"> reply;         ///< the same word as args[0]
		array<"args"> args;           ///< 4; meaning by op (op_table)
		array<"replylong"> replylong; ///< 4; args by its old name

		read<"family"> family;           ///< 2 AF_INET, 10 AF_INET6
		read<"remote_ip4"> remote_ip4;   ///< network order
		read<"local_ip4"> local_ip4;     ///< network order
		array<"remote_ip6"> remote_ip6;  ///< 4 words, network order
		array<"local_ip6"> local_ip6;    ///< 4 words, network order
		read<"remote_port"> remote_port; ///< ntohl() of it is the port
		read<"local_port"> local_port;   ///< host order as it stands
		read<"is_fullsock"> is_fullsock;
		read<"state"> state; ///< tcp_state; in a STATE_CB the old one

		read<"snd_cwnd"> snd_cwnd; ///< packets
		read<"srtt_us"> srtt_us;   ///< microseconds << 3
		read<"bpf_sock_ops_cb_flags"> bpf_sock_ops_cb_flags;
		read<"rtt_min"> rtt_min; ///< microseconds
		read<"snd_ssthresh"> snd_ssthresh;
		read<"rcv_nxt"> rcv_nxt;
		read<"snd_nxt"> snd_nxt;
		read<"snd_una"> snd_una;
		read<"mss_cache"> mss_cache; ///< bytes
		read<"ecn_flags"> ecn_flags;
		read<"rate_delivered"> rate_delivered;
		read<"rate_interval_us"> rate_interval_us;
		read<"packets_out"> packets_out;
		read<"retrans_out"> retrans_out;
		read<"total_retrans"> total_retrans;
		read<"segs_in"> segs_in;
		read<"data_segs_in"> data_segs_in;
		read<"segs_out"> segs_out;
		read<"data_segs_out"> data_segs_out;
		read<"lost_out"> lost_out;
		read<"sacked_out"> sacked_out;
		write<"sk_txhash"> sk_txhash; ///< a write without a full socket is dropped
		read<"bytes_received", u64> bytes_received;
		read<"bytes_acked", u64> bytes_acked;

		read<"sk", sock*> sk; ///< nullptr for a request
		read<"skb_data", const u8*> skb_data;
		read<"skb_data_end", const u8*> skb_data_end;
		read<"skb_len"> skb_len;
		read<"skb_tcp_flags"> skb_tcp_flags;
		read<"skb_hwtstamp", u64> skb_hwtstamp; ///< ns
	};
};
static_assert(sizeof(bpf_sock_ops) == sizeof(void*));

} // namespace sockops
