// SPDX-License-Identifier: MIT
// Our UAPI numbers against the system's headers, which must have been included together with ours,
// in either order. What a system header is too old for is checked from the release that has it.

#include <cstddef>

#include <gtest/gtest.h>

namespace SOCKOPS_UAPI_ORDER {

constexpr bool same(long ours, long system) { return ours == system; }

// Ops, flags and states: enumerators there and here.
#define SAME(name) static_assert(same(sockops::name, ::name), #name)
SAME(BPF_SOCK_OPS_VOID);
SAME(BPF_SOCK_OPS_TIMEOUT_INIT);
SAME(BPF_SOCK_OPS_RWND_INIT);
SAME(BPF_SOCK_OPS_TCP_CONNECT_CB);
SAME(BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB);
SAME(BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB);
SAME(BPF_SOCK_OPS_NEEDS_ECN);
SAME(BPF_SOCK_OPS_BASE_RTT);
SAME(BPF_SOCK_OPS_RTO_CB);
SAME(BPF_SOCK_OPS_RETRANS_CB);
SAME(BPF_SOCK_OPS_STATE_CB);
SAME(BPF_SOCK_OPS_TCP_LISTEN_CB);
SAME(BPF_SOCK_OPS_RTT_CB);
SAME(BPF_SOCK_OPS_PARSE_HDR_OPT_CB);
SAME(BPF_SOCK_OPS_HDR_OPT_LEN_CB);
SAME(BPF_SOCK_OPS_WRITE_HDR_OPT_CB);
SAME(BPF_SOCK_OPS_RTO_CB_FLAG);
SAME(BPF_SOCK_OPS_RETRANS_CB_FLAG);
SAME(BPF_SOCK_OPS_STATE_CB_FLAG);
SAME(BPF_SOCK_OPS_RTT_CB_FLAG);
SAME(BPF_SOCK_OPS_PARSE_ALL_HDR_OPT_CB_FLAG);
SAME(BPF_SOCK_OPS_PARSE_UNKNOWN_HDR_OPT_CB_FLAG);
SAME(BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
SAME(BPF_SOCK_OPS_ALL_CB_FLAGS);
SAME(TCP_BPF_IW);
SAME(TCP_BPF_SNDCWND_CLAMP);
SAME(TCP_BPF_DELACK_MAX);
SAME(TCP_BPF_RTO_MIN);
SAME(TCP_BPF_SYN);
SAME(TCP_BPF_SYN_IP);
SAME(TCP_BPF_SYN_MAC);
#define SAME_STATE(name) static_assert(same(sockops::TCP_##name, ::BPF_TCP_##name), #name)
SAME_STATE(ESTABLISHED);
SAME_STATE(SYN_SENT);
SAME_STATE(SYN_RECV);
SAME_STATE(FIN_WAIT1);
SAME_STATE(FIN_WAIT2);
SAME_STATE(TIME_WAIT);
SAME_STATE(CLOSE);
SAME_STATE(CLOSE_WAIT);
SAME_STATE(LAST_ACK);
SAME_STATE(LISTEN);
SAME_STATE(CLOSING);
SAME_STATE(NEW_SYN_RECV);

SAME(BPF_ANY);
SAME(BPF_NOEXIST);
SAME(BPF_EXIST);
SAME(BPF_F_NO_PREALLOC);
SAME(BPF_F_CLONE);
SAME(BPF_SK_STORAGE_GET_F_CREATE);
#define SAME_HELPER(name)                                                                                    \
	static_assert(same(sockops::find_helper("bpf_" #name)->id, ::BPF_FUNC_##name), #name)
SAME_HELPER(map_lookup_elem);
SAME_HELPER(trace_printk);
SAME_HELPER(get_socket_cookie);
SAME_HELPER(setsockopt);
SAME_HELPER(getsockopt);
SAME_HELPER(sock_map_update);
SAME_HELPER(sock_ops_cb_flags_set);
SAME_HELPER(sock_hash_update);
SAME_HELPER(tcp_sock);
SAME_HELPER(sk_storage_get);
SAME_HELPER(sk_storage_delete);
SAME_HELPER(get_netns_cookie);
SAME_HELPER(skc_to_tcp_sock);
SAME_HELPER(skc_to_mptcp_sock);
SAME_HELPER(load_hdr_opt);
SAME_HELPER(store_hdr_opt);
SAME_HELPER(reserve_hdr_opt);
SAME_HELPER(ktime_get_tai_ns);

// Newer than Debian 12's headers (Linux 6.1): with 6.15's the numbers are theirs too.
#if defined(SOCKOPS_SYSTEM_HAS_6_15)
SAME(BPF_SOCK_OPS_TSTAMP_SCHED_CB);
SAME(BPF_SOCK_OPS_TSTAMP_SND_SW_CB);
SAME(BPF_SOCK_OPS_TSTAMP_SND_HW_CB);
SAME(BPF_SOCK_OPS_TSTAMP_ACK_CB);
SAME(BPF_SOCK_OPS_TSTAMP_SENDMSG_CB);
SAME(TCP_BPF_SOCK_OPS_CB_FLAGS);
#else
static_assert(sockops::BPF_SOCK_OPS_TSTAMP_SCHED_CB == 16 && sockops::BPF_SOCK_OPS_TSTAMP_SND_SW_CB == 17);
static_assert(sockops::BPF_SOCK_OPS_TSTAMP_SND_HW_CB == 18 && sockops::BPF_SOCK_OPS_TSTAMP_ACK_CB == 19);
static_assert(sockops::BPF_SOCK_OPS_TSTAMP_SENDMSG_CB == 20 && sockops::TCP_BPF_SOCK_OPS_CB_FLAGS == 1008);
#endif
static_assert(sockops::TCP_BOUND_INACTIVE == 13);

// Macros there, scoped constants here.
static_assert(sockops::attach_flags::none == 0);
static_assert(sockops::attach_flags::allow_override == BPF_F_ALLOW_OVERRIDE);
static_assert(sockops::attach_flags::allow_multi == BPF_F_ALLOW_MULTI);
#define SAME_OPTION(ours, system) static_assert(same(sockops::ours, system), #system)
SAME_OPTION(so_option::reuseaddr, SO_REUSEADDR);
SAME_OPTION(so_option::sndbuf, SO_SNDBUF);
SAME_OPTION(so_option::rcvbuf, SO_RCVBUF);
SAME_OPTION(so_option::keepalive, SO_KEEPALIVE);
SAME_OPTION(so_option::priority, SO_PRIORITY);
SAME_OPTION(so_option::reuseport, SO_REUSEPORT);
SAME_OPTION(so_option::rcvlowat, SO_RCVLOWAT);
SAME_OPTION(so_option::bindtodevice, SO_BINDTODEVICE);
SAME_OPTION(so_option::mark, SO_MARK);
SAME_OPTION(so_option::max_pacing_rate, SO_MAX_PACING_RATE);
SAME_OPTION(so_option::bindtoifindex, SO_BINDTOIFINDEX);
SAME_OPTION(ip_option::tos, IP_TOS);
SAME_OPTION(ipv6_option::tclass, IPV6_TCLASS);
SAME_OPTION(ipv6_option::autoflowlabel, IPV6_AUTOFLOWLABEL);
SAME_OPTION(tcp_option::nodelay, TCP_NODELAY);
SAME_OPTION(tcp_option::maxseg, TCP_MAXSEG);
SAME_OPTION(tcp_option::keepidle, TCP_KEEPIDLE);
SAME_OPTION(tcp_option::keepintvl, TCP_KEEPINTVL);
SAME_OPTION(tcp_option::keepcnt, TCP_KEEPCNT);
SAME_OPTION(tcp_option::syncnt, TCP_SYNCNT);
SAME_OPTION(tcp_option::window_clamp, TCP_WINDOW_CLAMP);
SAME_OPTION(tcp_option::congestion, TCP_CONGESTION);
SAME_OPTION(tcp_option::thin_linear_timeouts, TCP_THIN_LINEAR_TIMEOUTS);
SAME_OPTION(tcp_option::user_timeout, TCP_USER_TIMEOUT);
SAME_OPTION(tcp_option::notsent_lowat, TCP_NOTSENT_LOWAT);
SAME_OPTION(tcp_option::save_syn, TCP_SAVE_SYN);
SAME_OPTION(tcp_option::saved_syn, TCP_SAVED_SYN);
#if defined(SO_TXREHASH)
SAME_OPTION(so_option::txrehash, SO_TXREHASH);
#endif
#if defined(TCP_RTO_MAX_MS)
SAME_OPTION(tcp_option::rto_max_ms, TCP_RTO_MAX_MS);
#endif
static_assert(sockops::bpf_cgroup_sock_ops == ::BPF_CGROUP_SOCK_OPS);
static_assert(sockops::sol::tcp == 6 && sockops::sol::ip == 0 && sockops::sol::socket == 1 &&
			  sockops::sol::ipv6 == 41);

/// The system's struct bpf_sock_ops; a template, so that a member it lacks is only asked about.
template <class System>
struct fields_of {
#define PLACE(member)                                                                                        \
	static_assert(sockops::find_ctx_field(#member).offset == offsetof(System, member), #member);             \
	static_assert(sockops::find_ctx_field(#member).size * sockops::find_ctx_field(#member).count ==          \
					  sizeof(System::member),                                                                \
				  #member)
	PLACE(op);
	PLACE(args);
	PLACE(reply);
	PLACE(replylong);
	PLACE(family);
	PLACE(remote_ip4);
	PLACE(local_ip4);
	PLACE(remote_ip6);
	PLACE(local_ip6);
	PLACE(remote_port);
	PLACE(local_port);
	PLACE(is_fullsock);
	PLACE(snd_cwnd);
	PLACE(srtt_us);
	PLACE(bpf_sock_ops_cb_flags);
	PLACE(state);
	PLACE(rtt_min);
	PLACE(snd_ssthresh);
	PLACE(rcv_nxt);
	PLACE(snd_nxt);
	PLACE(snd_una);
	PLACE(mss_cache);
	PLACE(ecn_flags);
	PLACE(rate_delivered);
	PLACE(rate_interval_us);
	PLACE(packets_out);
	PLACE(retrans_out);
	PLACE(total_retrans);
	PLACE(segs_in);
	PLACE(data_segs_in);
	PLACE(segs_out);
	PLACE(data_segs_out);
	PLACE(lost_out);
	PLACE(sacked_out);
	PLACE(sk_txhash);
	PLACE(bytes_received);
	PLACE(bytes_acked);
	PLACE(sk);
	PLACE(skb_data);
	PLACE(skb_data_end);
	PLACE(skb_len);
	PLACE(skb_tcp_flags);

	static constexpr std::size_t size() {
		if constexpr (requires(System s) { s.skb_hwtstamp; }) {
			PLACE(skb_hwtstamp);
			return sockops::bpf_sock_ops_size;
		} else {
			return sockops::find_ctx_field("skb_hwtstamp").offset; // before 6.2 it ended here
		}
	}
};
static_assert(fields_of<::bpf_sock_ops>::size() == sizeof(::bpf_sock_ops));

TEST(SOCKOPS_UAPI_ORDER, both_headers_give_the_same_numbers) {
	EXPECT_EQ(sizeof(::bpf_sock_ops), fields_of<::bpf_sock_ops>::size());
	EXPECT_STREQ(sockops::op_name(::BPF_SOCK_OPS_RTO_CB), "RTO_CB");
	for (unsigned op = 0; op != std::size(sockops::op_table); ++op)
		EXPECT_EQ(sockops::op_table[op].op, op);
}

} // namespace SOCKOPS_UAPI_ORDER
