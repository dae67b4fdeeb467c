// SPDX-License-Identifier: MIT
// The table of the kernel's types, made from our own: a row for each member, its offset taken from the C++
// member.
#include <sockops/vm/core_types.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <vector>

#include <sockops/bpf/bpf_sock_ops_kern.hpp>
#include <sockops/net/request_sock.hpp>
#include <sockops/net/sk_buff.hpp>
#include <sockops/net/tcp_sock.hpp>

namespace sockops {
namespace {

/// The offset of a member in bytes. Bases of sockets stand at offset 0, so it is that in the derived object
/// too.
template <class Owner, class T>
u32 offset_of(T Owner::*member) noexcept {
	static_assert(sizeof member == sizeof(std::ptrdiff_t), "a pointer to a data member is its offset");
	return static_cast<u32>(std::bit_cast<std::ptrdiff_t>(member));
}

template <class T>
constexpr const char* type_text() noexcept {
	if constexpr (std::is_same_v<T, bool>)
		return "bool";
	else if constexpr (std::is_same_v<T, u8>)
		return "u8";
	else if constexpr (std::is_same_v<T, u16>)
		return "u16";
	else if constexpr (std::is_same_v<T, u32>)
		return "u32";
	else if constexpr (std::is_same_v<T, u64>)
		return "u64";
	else {
		static_assert(std::is_same_v<T, s32>, "members of other types are spelled out");
		return "s32";
	}
}

class table {
  public:
	std::vector<core_member> rows;

	template <class Owner, class T>
	void member(const char* name, T Owner::*member) {
		spelled(name, offset_of(member), sizeof(T), type_text<T>());
	}
	void spelled(const char* name, u32 offset, std::size_t size, const char* type) {
		rows.push_back({type_, name, offset, static_cast<u32>(size), type});
	}
	/// `type`: "struct x" or "x_t", whose rows are all there.
	void nested(const char* name, u32 offset, const char* type) { spelled(name, offset, extent(type), type); }
	void begin(const char* type) noexcept { type_ = type; }

  private:
	u32 extent(std::string_view type) const noexcept {
		u32 end = 0;
		for (const core_member& row : rows)
			if (type.substr(type.find(' ') + 1) == row.type)
				end = std::max(end, row.offset + row.size);
		return end;
	}
	const char* type_ = "";
};

void add_small_types(table& t) {
	t.begin("possible_net_t");
	t.spelled("net", 0, sizeof(net*), "struct net *");
	t.begin("atomic64_t");
	t.spelled("counter", 0, 8, "s64");
}

void add_sock_common(table& t) {
	t.begin("sock_common");
	t.spelled("skc_addrpair", offset_of(&sock_common::skc_daddr), 8, "u64");
	t.member("skc_daddr", &sock_common::skc_daddr);
	t.member("skc_rcv_saddr", &sock_common::skc_rcv_saddr);
	t.spelled("skc_portpair", offset_of(&sock_common::skc_dport), 4, "u32");
	t.member("skc_dport", &sock_common::skc_dport);
	t.member("skc_num", &sock_common::skc_num);
	t.member("skc_family", &sock_common::skc_family);
	t.member("skc_state", &sock_common::skc_state);
	t.member("skc_ipv6only", &sock_common::skc_ipv6only);
	t.spelled("skc_v6_daddr", offset_of(&sock_common::skc_v6_daddr), 16, "struct in6_addr");
	t.spelled("skc_v6_rcv_saddr", offset_of(&sock_common::skc_v6_rcv_saddr), 16, "struct in6_addr");
	t.nested("skc_net", offset_of(&sock_common::skc_net), "possible_net_t");
	t.nested("skc_cookie", offset_of(&sock_common::skc_cookie), "atomic64_t");
}

void add_sock(table& t) {
	t.begin("sock");
	t.nested("__sk_common", 0, "struct sock_common");
	t.member("sk_txhash", &sock::sk_txhash);
	t.member("sk_protocol", &sock::sk_protocol);
	t.member("sk_bpf_cb_flags", &sock::sk_bpf_cb_flags);
	t.member("sk_userlocks", &sock::sk_userlocks);
	t.member("sk_txrehash", &sock::sk_txrehash);
	t.member("sk_sndbuf", &sock::sk_sndbuf);
	t.member("sk_rcvbuf", &sock::sk_rcvbuf);
	t.member("sk_rcvlowat", &sock::sk_rcvlowat);
	t.member("sk_priority", &sock::sk_priority);
	t.member("sk_mark", &sock::sk_mark);
	t.member("sk_max_pacing_rate", &sock::sk_max_pacing_rate);
	t.spelled("sk_dst_cache", offset_of(&sock::sk_dst_cache), sizeof(dst_entry*), "struct dst_entry *");
	t.begin("inet_sock");
	t.nested("sk", 0, "struct sock");
	t.member("tos", &inet_sock::tos);
}

void add_inet_connection_sock(table& t) {
	t.begin("inet_connection_sock");
	t.nested("icsk_inet", 0, "struct inet_sock");
	t.member("icsk_rto", &inet_connection_sock::icsk_rto);
	t.member("icsk_rto_min", &inet_connection_sock::icsk_rto_min);
	t.member("icsk_rto_max", &inet_connection_sock::icsk_rto_max);
	t.member("icsk_delack_max", &inet_connection_sock::icsk_delack_max);
	t.member("icsk_retransmits", &inet_connection_sock::icsk_retransmits);
	t.member("icsk_backoff", &inet_connection_sock::icsk_backoff);
	t.member("icsk_syn_retries", &inet_connection_sock::icsk_syn_retries);
	t.member("icsk_user_timeout", &inet_connection_sock::icsk_user_timeout);
	t.member("icsk_ca_initialized", &inet_connection_sock::icsk_ca_initialized);
	t.member("icsk_ca_setsockopt", &inet_connection_sock::icsk_ca_setsockopt);
	t.member("icsk_ca_dst_locked", &inet_connection_sock::icsk_ca_dst_locked);
}

/// What the kernel nests in tcp_sock, and tcp_sock here has of it.
void add_tcp_parts(table& t) {
	t.begin("minmax_sample");
	t.spelled("v", 0, sizeof(tcp_sock::rtt_min), "u32");
	t.begin("minmax");
	t.spelled("s", 0, sizeof(tcp_sock::rtt_min), "struct minmax_sample[1]");
	const u32 rx_opt = offset_of(&tcp_sock::saw_unknown);
	t.begin("tcp_options_received");
	t.spelled("saw_unknown", 0, sizeof(tcp_sock::saw_unknown), "bool");
	t.spelled("user_mss", offset_of(&tcp_sock::user_mss) - rx_opt, sizeof(tcp_sock::user_mss), "u16");
}

void add_tcp_connection(table& t) {
	t.nested("inet_conn", 0, "struct inet_connection_sock");
	t.nested("rtt_min", offset_of(&tcp_sock::rtt_min), "struct minmax");
	t.nested("rx_opt", offset_of(&tcp_sock::saw_unknown), "struct tcp_options_received");
	t.member("bpf_chg_cc_inprogress", &tcp_sock::bpf_chg_cc_inprogress);
	t.member("snd_cwnd", &tcp_sock::snd_cwnd);
	t.member("snd_cwnd_clamp", &tcp_sock::snd_cwnd_clamp);
	t.member("snd_ssthresh", &tcp_sock::snd_ssthresh);
	t.member("srtt_us", &tcp_sock::srtt_us);
	t.member("rtt_seq", &tcp_sock::rtt_seq);
	t.member("rcv_nxt", &tcp_sock::rcv_nxt);
	t.member("snd_nxt", &tcp_sock::snd_nxt);
	t.member("snd_una", &tcp_sock::snd_una);
	t.member("mss_cache", &tcp_sock::mss_cache);
	t.member("tcp_header_len", &tcp_sock::tcp_header_len);
	t.member("total_rto", &tcp_sock::total_rto);
	t.member("rate_delivered", &tcp_sock::rate_delivered);
	t.member("rate_interval_us", &tcp_sock::rate_interval_us);
	t.member("delivered", &tcp_sock::delivered);
	t.member("delivered_ce", &tcp_sock::delivered_ce);
	t.member("dsack_dups", &tcp_sock::dsack_dups);
	t.member("packets_out", &tcp_sock::packets_out);
	t.member("retrans_out", &tcp_sock::retrans_out);
	t.member("total_retrans", &tcp_sock::total_retrans);
}

void add_tcp_counters_and_options(table& t) {
	t.member("segs_in", &tcp_sock::segs_in);
	t.member("data_segs_in", &tcp_sock::data_segs_in);
	t.member("segs_out", &tcp_sock::segs_out);
	t.member("data_segs_out", &tcp_sock::data_segs_out);
	t.member("lost_out", &tcp_sock::lost_out);
	t.member("sacked_out", &tcp_sock::sacked_out);
	t.member("bytes_received", &tcp_sock::bytes_received);
	t.member("bytes_acked", &tcp_sock::bytes_acked);
	t.member("ecn_flags", &tcp_sock::ecn_flags);
	t.member("bpf_sock_ops_cb_flags", &tcp_sock::bpf_sock_ops_cb_flags);
	t.member("syn_data", &tcp_sock::syn_data);
	t.member("nonagle", &tcp_sock::nonagle);
	t.member("window_clamp", &tcp_sock::window_clamp);
	t.member("rcv_wnd", &tcp_sock::rcv_wnd);
	t.member("rcv_ssthresh", &tcp_sock::rcv_ssthresh);
	t.member("scaling_ratio", &tcp_sock::scaling_ratio);
	t.member("keepalive_time", &tcp_sock::keepalive_time);
	t.member("keepalive_intvl", &tcp_sock::keepalive_intvl);
	t.member("keepalive_probes", &tcp_sock::keepalive_probes);
	t.member("thin_lto", &tcp_sock::thin_lto);
	t.member("notsent_lowat", &tcp_sock::notsent_lowat);
	t.member("save_syn", &tcp_sock::save_syn);
}

void add_ipv6(table& t) {
	t.begin("ipv6_pinfo");
	t.member("tclass", &ipv6_pinfo::tclass);
	t.begin("tcp6_sock");
	t.nested("tcp", 0, "struct tcp_sock");
	t.nested("inet6", offset_of(&inet_sock::pinet6), "struct ipv6_pinfo");
}

void add_requests_and_timewait(table& t) {
	t.begin("request_sock");
	t.nested("__req_common", 0, "struct sock_common");
	t.member("mss", &request_sock::mss);
	t.member("timeout", &request_sock::timeout);
	t.begin("inet_request_sock");
	t.nested("req", 0, "struct request_sock");
	t.member("ecn_ok", &request_sock::ecn_ok);
	t.begin("tcp_request_sock");
	t.nested("req", 0, "struct inet_request_sock");
	t.begin("inet_timewait_sock");
	t.nested("__tw_common", 0, "struct sock_common");
	t.begin("tcp_timewait_sock");
	t.nested("tw_sk", 0, "struct inet_timewait_sock");
}

void add_sk_buff(table& t) {
	t.begin("sk_buff");
	t.spelled("data", offset_of(&sk_buff::data), sizeof(u8*), "u8 *");
	t.member("len", &sk_buff::len);
	t.spelled("sk", offset_of(&sk_buff::sk), sizeof(sock*), "struct sock *");
}

void add_kern_ctx(table& t) {
	using ctx = bpf_sock_ops_kern;
	t.begin("bpf_sock_ops_kern");
	t.spelled("sk", offset_of(&ctx::sk), sizeof(ctx::sk), "struct sock *");
	t.spelled("args", offset_of(&ctx::args), sizeof(ctx::args), "u32[4]");
	t.member("reply", &ctx::reply);
	t.spelled("replylong", offset_of(&ctx::replylong), sizeof(ctx::replylong), "u32[4]");
	t.spelled("syn_skb", offset_of(&ctx::syn_skb), sizeof(ctx::syn_skb), "struct sk_buff *");
	t.spelled("skb", offset_of(&ctx::skb), sizeof(ctx::skb), "struct sk_buff *");
	t.spelled("skb_data_end", offset_of(&ctx::skb_data_end), sizeof(ctx::skb_data_end), "void *");
	t.member("op", &ctx::op);
	t.member("is_fullsock", &ctx::is_fullsock);
	t.member("is_locked_tcp_sock", &ctx::is_locked_tcp_sock);
	t.member("remaining_opt_len", &ctx::remaining_opt_len);
	t.member("temp", &ctx::temp);
}

std::vector<core_member> make_table() {
	table t;
	add_small_types(t);
	add_sock_common(t);
	add_sock(t);
	add_inet_connection_sock(t);
	add_tcp_parts(t);
	t.begin("tcp_sock");
	add_tcp_connection(t);
	add_tcp_counters_and_options(t);
	add_ipv6(t);
	add_requests_and_timewait(t);
	add_sk_buff(t);
	add_kern_ctx(t);
	return std::move(t.rows);
}

/// For each byte of an object, where the largest member ends that holds it; 0: none does.
using member_ends = std::array<u16, 1024>;
static_assert(sizeof(tcp_sock) <= std::tuple_size_v<member_ends>);

/// "sock_common" of "struct sock_common", if that has rows of its own; else "".
std::string_view nested_type(std::string_view words) noexcept {
	words = words.substr(words.starts_with("struct ") ? 7 : 0);
	words = words.substr(0, words.find('['));
	for (const core_member& row : core_members())
		if (words == row.type)
			return words;
	return {};
}

void add_leaves(member_ends& ends, std::string_view type, u32 base) {
	for (const core_member& row : core_members()) {
		if (type != row.type)
			continue;
		const std::string_view of = row.member_type;
		if (const std::string_view inner = nested_type(of); !inner.empty()) {
			add_leaves(ends, inner, base + row.offset);
			continue;
		}
		const u32 end = base + row.offset + row.size;
		for (u32 at = base + row.offset; at != end; ++at)
			ends[at] = std::max(ends[at], static_cast<u16>(end));
	}
}

member_ends ends_of(std::string_view type) {
	member_ends ends{};
	add_leaves(ends, type, 0);
	return ends;
}

} // namespace

std::span<const core_member> core_members() {
	static const std::vector<core_member> rows = make_table();
	return rows;
}

bool core_readable(core_object kind, u32 offset, u32 size) noexcept {
	static const std::array<member_ends, 5> objects = {ends_of("tcp6_sock"), ends_of("tcp_request_sock"),
													   ends_of("tcp_timewait_sock"),
													   ends_of("bpf_sock_ops_kern"), ends_of("sk_buff")};
	const member_ends& ends = objects[static_cast<std::size_t>(kind)];
	return size != 0 && offset < ends.size() && size <= ends.size() && offset + size <= ends[offset];
}

} // namespace sockops
