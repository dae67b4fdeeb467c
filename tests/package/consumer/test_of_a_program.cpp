// SPDX-License-Identifier: MIT
// Somebody else's test.

#include <cstdio>

#include <sockops/sockops.hpp>
#include <sockops/testing/fire.hpp>
#include <sockops/testing/play.hpp>

#if !__has_include(<sockops/testing/matchers.hpp>)
#error "the matchers are not installed"
#endif

int main() {
	using namespace sockops;
	cgroup_root root;
	net in;
	scoped_tcp_sock sk(in, root.make("/client"));
	sk.skc_state = TCP_SYN_SENT;
	const auto prog = make_bpf_prog("fifty", [](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_TIMEOUT_INIT)
			skops.reply = 50;
		return 1;
	});
	if (cgroup_bpf_attach(*root, prog) != 0)
		return 1;
	const testing::played went =
		testing::play(testing::timeline::parse("\t+0 server listen\n"
											   "\t+0 client connect\n"
											   "\t\tclient: TCP_CONNECT RWND_INIT "
											   "TIMEOUT_INIT NEEDS_ECN ACTIVE_ESTABLISHED\n"),
					  root);
	std::printf("%s", went.report().c_str());
	return went.report().empty() && testing::fire(BPF_SOCK_OPS_TIMEOUT_INIT, sk).reply == 50 ? 0 : 1;
}
