// SPDX-License-Identifier: MIT
#include "plain_types.hpp"

#include <iterator>

namespace sockops::object {
namespace {

constexpr const char* network = R"(
typedef u16 __be16; typedef u32 __be32; typedef u64 __be64; typedef u16 __le16; typedef u32 __le32;
typedef u16 __sum16; typedef u32 __wsum; typedef long unsigned int size_t;
typedef short unsigned int __kernel_sa_family_t; typedef __kernel_sa_family_t sa_family_t;

struct ethhdr { unsigned char h_dest[6]; unsigned char h_source[6]; __be16 h_proto; } packed;
struct vlan_hdr { __be16 h_vlan_TCI, h_vlan_encapsulated_proto; };
struct iphdr {
	u8 ihl : 4, version : 4, tos; __be16 tot_len, id, frag_off; u8 ttl, protocol; __sum16 check;
	union { struct { __be32 saddr, daddr; }; struct { __be32 saddr, daddr; } addrs; };
};
struct in_addr { __be32 s_addr; };
struct in6_addr { union { u8 u6_addr8[16]; __be16 u6_addr16[8]; __be32 u6_addr32[4]; } in6_u; };
struct ipv6hdr {
	u8 priority : 4, version : 4, flow_lbl[3]; __be16 payload_len; u8 nexthdr, hop_limit;
	union { struct { struct in6_addr saddr, daddr; }; struct { struct in6_addr saddr, daddr; } addrs; };
};
struct tcphdr {
	__be16 source, dest; __be32 seq, ack_seq;
	u16 ae : 1, res1 : 3, doff : 4, fin : 1, syn : 1, rst : 1, psh : 1, ack : 1, urg : 1, ece : 1, cwr : 1;
	__be16 window; __sum16 check; __be16 urg_ptr;
};
struct udphdr { __be16 source, dest, len; __sum16 check; };
struct sockaddr_in { __kernel_sa_family_t sin_family; __be16 sin_port; struct in_addr sin_addr; unsigned char __pad[8]; };
struct sockaddr_in6 {
	short unsigned int sin6_family; __be16 sin6_port; __be32 sin6_flowinfo; struct in6_addr sin6_addr; u32 sin6_scope_id;
};

enum sock_type {
	SOCK_STREAM = 1, SOCK_DGRAM, SOCK_RAW, SOCK_RDM, SOCK_SEQPACKET, SOCK_DCCP, SOCK_PACKET = 10,
};
enum {
	IPPROTO_IP = 0, IPPROTO_ICMP = 1, IPPROTO_IGMP = 2, IPPROTO_IPIP = 4, IPPROTO_TCP = 6, IPPROTO_EGP = 8,
	IPPROTO_PUP = 12, IPPROTO_UDP = 17, IPPROTO_IDP = 22, IPPROTO_TP = 29, IPPROTO_DCCP = 33, IPPROTO_IPV6 = 41,
	IPPROTO_RSVP = 46, IPPROTO_GRE = 47, IPPROTO_ESP = 50, IPPROTO_AH = 51, IPPROTO_MTP = 92, IPPROTO_BEETPH = 94,
	IPPROTO_ENCAP = 98, IPPROTO_PIM = 103, IPPROTO_COMP = 108, IPPROTO_L2TP = 115, IPPROTO_SCTP = 132,
	IPPROTO_UDPLITE = 136, IPPROTO_MPLS = 137, IPPROTO_ETHERNET = 143, IPPROTO_AGGFRAG = 144, IPPROTO_RAW = 255,
	IPPROTO_SMC = 256, IPPROTO_MPTCP = 262, IPPROTO_MAX,
};
enum tcp_ca_state { TCP_CA_Open, TCP_CA_Disorder, TCP_CA_CWR, TCP_CA_Recovery, TCP_CA_Loss };
)";

constexpr const char* of_bpf = R"(
struct bpf_sock_tuple {
	union {
		struct { __be32 saddr, daddr; __be16 sport, dport; } ipv4;
		struct { __be32 saddr[4]; __be32 daddr[4]; __be16 sport, dport; } ipv6;
	};
};
struct bpf_spin_lock { u32 val; };
struct bpf_timer { u64 __opaque[2]; };
struct bpf_wq { u64 __opaque[2]; };
struct bpf_dynptr { u64 __opaque[2]; };
struct bpf_iter_num { u64 __opaque[1]; };
struct bpf_list_head { u64 __opaque[2]; };
struct bpf_list_node { u64 __opaque[3]; };
struct bpf_rb_root { u64 __opaque[2]; };
struct bpf_rb_node { u64 __opaque[4]; };
struct bpf_refcount { u32 __opaque[1]; };
struct bpf_perf_event_value { u64 counter, enabled, running; };
struct bpf_pidns_info { u32 pid, tgid; };
struct btf_ptr { void *ptr; u32 type_id, flags; };

enum { false, true };
enum { BPF_ANY, BPF_NOEXIST, BPF_EXIST, BPF_F_LOCK = 4 };
enum {
	BPF_F_NO_PREALLOC = 1, BPF_F_NO_COMMON_LRU = 2, BPF_F_NUMA_NODE = 4, BPF_F_RDONLY = 8, BPF_F_WRONLY = 16,
	BPF_F_STACK_BUILD_ID = 32, BPF_F_ZERO_SEED = 64, BPF_F_RDONLY_PROG = 128, BPF_F_WRONLY_PROG = 256,
	BPF_F_CLONE = 512, BPF_F_MMAPABLE = 1024, BPF_F_PRESERVE_ELEMS = 2048, BPF_F_INNER_MAP = 4096,
};
enum { BPF_F_INDEX_MASK = 0xffffffff, BPF_F_CURRENT_CPU = 0xffffffff };
enum { BPF_F_CURRENT_NETNS = -1 };
enum { BPF_F_INGRESS = 1, BPF_F_BROADCAST = 8, BPF_F_EXCLUDE_INGRESS = 16 };
enum { BPF_LOCAL_STORAGE_GET_F_CREATE = 1, BPF_SK_STORAGE_GET_F_CREATE = 1 };
enum { BPF_RB_NO_WAKEUP = 1, BPF_RB_FORCE_WAKEUP = 2 };
enum { BPF_RB_AVAIL_DATA, BPF_RB_RING_SIZE, BPF_RB_CONS_POS, BPF_RB_PROD_POS };
enum { BPF_LOAD_HDR_OPT_TCP_SYN = 1 };
enum { BPF_WRITE_HDR_TCP_CURRENT_MSS = 1, BPF_WRITE_HDR_TCP_SYNACK_COOKIE = 2 };
enum { SK_BPF_CB_TX_TIMESTAMPING = 1, SK_BPF_CB_MASK = 1 };
enum {
	TCP_BPF_IW = 1001, TCP_BPF_SNDCWND_CLAMP, TCP_BPF_DELACK_MAX, TCP_BPF_RTO_MIN, TCP_BPF_SYN, TCP_BPF_SYN_IP,
	TCP_BPF_SYN_MAC, TCP_BPF_SOCK_OPS_CB_FLAGS, SK_BPF_CB_FLAGS,
};
enum sk_action { SK_DROP, SK_PASS };
enum bpf_ret_code {
	BPF_OK, BPF_DROP = 2, BPF_REDIRECT = 7, BPF_LWT_REROUTE = 128, BPF_FLOW_DISSECTOR_CONTINUE,
};
enum bpf_map_type {
	BPF_MAP_TYPE_UNSPEC, BPF_MAP_TYPE_HASH, BPF_MAP_TYPE_ARRAY, BPF_MAP_TYPE_PROG_ARRAY,
	BPF_MAP_TYPE_PERF_EVENT_ARRAY, BPF_MAP_TYPE_PERCPU_HASH, BPF_MAP_TYPE_PERCPU_ARRAY, BPF_MAP_TYPE_STACK_TRACE,
	BPF_MAP_TYPE_CGROUP_ARRAY, BPF_MAP_TYPE_LRU_HASH, BPF_MAP_TYPE_LRU_PERCPU_HASH, BPF_MAP_TYPE_LPM_TRIE,
	BPF_MAP_TYPE_ARRAY_OF_MAPS, BPF_MAP_TYPE_HASH_OF_MAPS, BPF_MAP_TYPE_DEVMAP, BPF_MAP_TYPE_SOCKMAP,
	BPF_MAP_TYPE_CPUMAP, BPF_MAP_TYPE_XSKMAP, BPF_MAP_TYPE_SOCKHASH, BPF_MAP_TYPE_CGROUP_STORAGE_DEPRECATED,
	BPF_MAP_TYPE_CGROUP_STORAGE = 19, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY,
	BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE_DEPRECATED, BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE = 21, BPF_MAP_TYPE_QUEUE,
	BPF_MAP_TYPE_STACK, BPF_MAP_TYPE_SK_STORAGE, BPF_MAP_TYPE_DEVMAP_HASH, BPF_MAP_TYPE_STRUCT_OPS,
	BPF_MAP_TYPE_RINGBUF, BPF_MAP_TYPE_INODE_STORAGE, BPF_MAP_TYPE_TASK_STORAGE, BPF_MAP_TYPE_BLOOM_FILTER,
	BPF_MAP_TYPE_USER_RINGBUF, BPF_MAP_TYPE_CGRP_STORAGE, BPF_MAP_TYPE_ARENA,
};
)";

constexpr const char* all[] = {network, of_bpf};

} // namespace

std::span<const char* const> plain_type_declarations() noexcept { return all; }

} // namespace sockops::object
