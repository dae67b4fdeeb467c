// SPDX-License-Identifier: MIT
// Sets options of a socket, reads them back, and leaves them as they were: where it is listening, connecting, and
// established on either side.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define AF_INET6 10
#define SOL_IP 0
#define SOL_SOCKET 1
#define SOL_TCP 6
#define SOL_IPV6 41
#define TCP_MAXSEG 2
#define TCP_CONGESTION 13
#define TCP_SAVE_SYN 27
#define TCP_SAVED_SYN 28

struct option {
	__u8 level, flips;
	__u16 name;
	__u32 set, kept; // what is set, and what is then read
	__u32 restored;  // 0: what was there before
};
static const struct option options[] = {
	{SOL_SOCKET, 1, 2 /* SO_REUSEADDR */, 0, 0, 0},
	{SOL_SOCKET, 0, 7 /* SO_SNDBUF */, 8123, 16246, 0},
	{SOL_SOCKET, 0, 8 /* SO_RCVBUF */, 8123, 16246, 0},
	{SOL_SOCKET, 1, 9 /* SO_KEEPALIVE */, 0, 0, 0},
	{SOL_SOCKET, 0, 12 /* SO_PRIORITY */, 60319, 60319, 0},
	{SOL_SOCKET, 1, 15 /* SO_REUSEPORT */, 0, 0, 0},
	{SOL_SOCKET, 0, 18 /* SO_RCVLOWAT */, 8123, 8123, 0},
	{SOL_SOCKET, 0, 36 /* SO_MARK */, 60319, 60319, 0},
	{SOL_SOCKET, 0, 47 /* SO_MAX_PACING_RATE */, 60319, 60319, 0},
	{SOL_SOCKET, 1, 74 /* SO_TXREHASH */, 0, 0, 0},
	{SOL_TCP, 1, 1 /* TCP_NODELAY */, 0, 0, 0},
	{SOL_TCP, 0, 4 /* TCP_KEEPIDLE */, 123, 123, 321},
	{SOL_TCP, 0, 5 /* TCP_KEEPINTVL */, 123, 123, 321},
	{SOL_TCP, 0, 6 /* TCP_KEEPCNT */, 123, 123, 124},
	{SOL_TCP, 0, 7 /* TCP_SYNCNT */, 123, 123, 124},
	{SOL_TCP, 0, 10 /* TCP_WINDOW_CLAMP */, 8123, 8123, 8124},
	{SOL_TCP, 1, 16 /* TCP_THIN_LINEAR_TIMEOUTS */, 0, 0, 0},
	{SOL_TCP, 0, 18 /* TCP_USER_TIMEOUT */, 123400, 123400, 0},
	{SOL_TCP, 0, 25 /* TCP_NOTSENT_LOWAT */, 1314, 1314, 0},
};
static const struct option of_ipv4 = {SOL_IP, 0, 1 /* IP_TOS */, 0xe1, 0xe0, 0};
static const struct option of_ipv6 = {SOL_IPV6, 0, 67 /* IPV6_TCLASS */, 0xe1, 0xe0, 0};
static const struct option of_ipv6_alone = {SOL_IPV6, 1, 70 /* IPV6_AUTOFLOWLABEL */, 0, 0, 0};
static const char missing[] = "missing", cubic[] = "cubic", reno[] = "reno";

__u32 right[32];    // by op: how often all was right
__s32 wrong_option; // its name; 0: none was

static int is_right(struct bpf_sock_ops* skops, const struct option* o) {
	__u32 old, value, kept;

	if (bpf_getsockopt(skops, o->level, o->name, &old, sizeof(old)))
		return 0;
	if (o->flips && old > 1)
		old = 1; // 255: as the system has it
	value = o->flips ? !old : o->set;
	if (!o->flips && old == value)
		return 0;
	if (bpf_setsockopt(skops, o->level, o->name, &value, sizeof(value)) ||
	    bpf_getsockopt(skops, o->level, o->name, &kept, sizeof(kept)) ||
	    kept != (o->flips ? value : o->kept))
		return 0;
	if (o->restored)
		old = o->restored;
	return bpf_setsockopt(skops, o->level, o->name, &old, sizeof(old)) == 0;
}

static int is_taken(struct bpf_sock_ops* skops, const char* name, __u32 size) {
	char now[16];

	return bpf_setsockopt(skops, SOL_TCP, TCP_CONGESTION, (void*)name, size) == 0 &&
	       bpf_getsockopt(skops, SOL_TCP, TCP_CONGESTION, now, sizeof(now)) == 0 && now[0] == name[0];
}
/* A name that nobody has is refused; another is taken, and the old one given back. */
static int is_right_congestion(struct bpf_sock_ops* skops) {
	char old[16];

	if (bpf_setsockopt(skops, SOL_TCP, TCP_CONGESTION, (void*)missing, sizeof(missing)) == 0 ||
	    bpf_getsockopt(skops, SOL_TCP, TCP_CONGESTION, old, sizeof(old)))
		return 0;
	if (bpf_strncmp(old, sizeof(old), cubic) == 0 ? !is_taken(skops, reno, sizeof(reno))
						      : !is_taken(skops, cubic, sizeof(cubic)))
		return 0;
	return bpf_setsockopt(skops, SOL_TCP, TCP_CONGESTION, old, sizeof(old)) == 0;
}

static int is_right_segment(struct bpf_sock_ops* skops) {
	__u32 most = 1314, now;

	if (skops->state != BPF_TCP_ESTABLISHED)
		return bpf_setsockopt(skops, SOL_TCP, TCP_MAXSEG, &most, sizeof(most)) == 0;
	return bpf_getsockopt(skops, SOL_TCP, TCP_MAXSEG, &now, sizeof(now)) == 0 && now != 0;
}

static int is_right_syn(struct bpf_sock_ops* skops) {
	__u32 one = 1;
	__u8 saved[20];

	if (skops->op == BPF_SOCK_OPS_TCP_LISTEN_CB)
		return bpf_setsockopt(skops, SOL_TCP, TCP_SAVE_SYN, &one, sizeof(one)) == 0;
	if (skops->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		return bpf_getsockopt(skops, SOL_TCP, TCP_SAVED_SYN, saved, sizeof(saved)) == 0;
	return 1;
}

struct at {
	struct bpf_sock_ops* skops;
	__u32 wrong;
};
static int next_option(__u32 index, struct at* at) {
	if (index >= sizeof(options) / sizeof(*options))
		return 1;
	if (is_right(at->skops, &options[index]))
		return 0;
	at->wrong = options[index].name;
	return 1;
}

SEC("sockops")
int all_options(struct bpf_sock_ops* skops) {
	struct at at = {skops, 0};

	switch (skops->op) {
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		break;
	default:
		return 1;
	}
	bpf_loop(sizeof(options) / sizeof(*options), next_option, &at, 0);
	if (at.wrong == 0 && !is_right(skops, skops->family == AF_INET6 ? &of_ipv6 : &of_ipv4))
		at.wrong = of_ipv4.name;
	if (at.wrong == 0 && skops->family == AF_INET6 && !is_right(skops, &of_ipv6_alone))
		at.wrong = of_ipv6_alone.name;
	if (at.wrong == 0 && !is_right_congestion(skops))
		at.wrong = TCP_CONGESTION;
	if (at.wrong == 0 && !is_right_segment(skops))
		at.wrong = TCP_MAXSEG;
	if (at.wrong == 0 && !is_right_syn(skops))
		at.wrong = TCP_SAVED_SYN;
	if (at.wrong)
		wrong_option = at.wrong;
	else
		right[skops->op & 31]++;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
