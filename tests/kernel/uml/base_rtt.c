// SPDX-License-Identifier: MIT
// The init of a user-mode Linux: connects over lo with tcp_nv, which stock kernels leave out, and
// prints where BASE_RTT_CB came. Environment: TCP_NV (the module), BPF_OBJECT. See run.sh.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct entry {
	__u32 op, state, setsockopt_result;
};
struct settings {
	__u32 count, set_nv_at, reenter, reply;
};

static const char *const op_names[] = {"VOID", "TIMEOUT_INIT", "RWND_INIT", "TCP_CONNECT", "ACTIVE_ESTABLISHED",
				       "PASSIVE_ESTABLISHED", "NEEDS_ECN", "BASE_RTT", "RTO", "RETRANS", "STATE",
				       "TCP_LISTEN", "RTT"};

static const struct scenario {
	const char *name;
	int client_nv, listener_nv;
	struct settings told;
} scenarios[] = {
	{"client set to nv before connect()", 1, 0, {0, 0, 0, 12345}},
	{"nv set in ACTIVE_ESTABLISHED", 0, 0, {0, BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, 0, 12345}},
	{"the same, and BASE_RTT changes it again", 0, 0, {0, BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, 1, 12345}},
	{"nv set in TCP_CONNECT", 0, 0, {0, BPF_SOCK_OPS_TCP_CONNECT_CB, 0, 12345}},
	{"listener set to nv", 0, 1, {0, 0, 0, 12345}},
};

static int loopback_up(void)
{
	struct ifreq request = {.ifr_name = "lo"};
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	if (ioctl(s, SIOCGIFFLAGS, &request))
		return -1;
	request.ifr_flags |= IFF_UP;
	return ioctl(s, SIOCSIFFLAGS, &request);
}

// A cgroup with this process in it; its file descriptor.
static int own_cgroup(void)
{
	mkdir("/tmp/cg", 0755);
	if (mount("none", "/tmp/cg", "cgroup2", 0, 0) || mkdir("/tmp/cg/test", 0755))
		return -1;
	FILE *procs = fopen("/tmp/cg/test/cgroup.procs", "w");
	if (!procs || fprintf(procs, "%d", getpid()) < 0 || fclose(procs))
		return -1;
	return open("/tmp/cg/test", O_RDONLY);
}

static void play(const struct scenario *with, int told, int seen, int port)
{
	__u32 zero = 0;
	struct settings after;
	struct sockaddr_in address = {AF_INET, htons(port), {htonl(INADDR_LOOPBACK)}, {0}};
	bpf_map_update_elem(told, &zero, &with->told, 0);
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	if (with->listener_nv)
		setsockopt(listener, IPPROTO_TCP, TCP_CONGESTION, "nv", 2);
	if (with->client_nv)
		setsockopt(client, IPPROTO_TCP, TCP_CONGESTION, "nv", 2);
	if (bind(listener, (void *)&address, sizeof address) || listen(listener, 1) ||
	    connect(client, (void *)&address, sizeof address))
		perror("RESULT connection");
	bpf_map_lookup_elem(told, &zero, &after);
	printf("RESULT %s:", with->name);
	for (__u32 i = 0; i < after.count; ++i) {
		struct entry entry;
		bpf_map_lookup_elem(seen, &i, &entry);
		printf(" %s/%u", op_names[entry.op], entry.state);
		if (entry.setsockopt_result)
			printf("[setsockopt %d]", (int)entry.setsockopt_result);
	}
	printf("\n");
	close(client);
	close(listener);
}

int main(void)
{
	mount("none", "/proc", "proc", 0, 0);
	mount("none", "/sys", "sysfs", 0, 0);
	mount("none", "/tmp", "tmpfs", 0, 0);
	// The kernel hands name=value words of its command line that it does not know to the init's environment.
	const char *module = getenv("TCP_NV"), *object_file = getenv("BPF_OBJECT");
	if (!module || !object_file)
		return 1;
	int cgroup = own_cgroup();
	struct bpf_object *object = bpf_object__open(object_file);
	if (syscall(SYS_finit_module, open(module, O_RDONLY), "", 0) || loopback_up() || cgroup < 0 || !object ||
	    bpf_object__load(object) ||
	    bpf_prog_attach(bpf_program__fd(bpf_object__find_program_by_name(object, "log_calls")), cgroup,
			    BPF_CGROUP_SOCK_OPS, 0)) {
		printf("RESULT setting up with %s, %s: %s\n", module, object_file, strerror(errno));
	} else {
		int told = bpf_object__find_map_fd_by_name(object, "told");
		int seen = bpf_object__find_map_fd_by_name(object, "seen");
		for (unsigned i = 0; i < sizeof scenarios / sizeof *scenarios; ++i)
			play(&scenarios[i], told, seen, 7000 + i);
	}
	fflush(stdout);
	reboot(RB_POWER_OFF);
	return 1;
}
