// SPDX-License-Identifier: MIT
// Somebody else's stack, compiled as its author likes: two programs whose returns are folded, while another
// thread attaches a third one and takes it off again. Prints the fold.

#include <cstdio>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <sockops/sockops.hpp>

int main() {
	sockops::net in;
	const sockops::cgroup_root root;
	sockops::cgroup& apps = root.make("/apps");
	std::map<int, sockops::scoped_tcp_sock> connections;
	for (int port : {1, 2, 3})
		connections.try_emplace(port, in, apps);
	sockops::scoped_tcp_sock& sk = connections.at(2);

	std::vector<sockops::bpf_prog_ptr> programs;
	for (sockops::u32 jiffies : {50u, 40u})
		programs.push_back(
			sockops::make_bpf_prog("says " + std::to_string(jiffies), [=](sockops::bpf_sock_ops& skops) {
				skops.reply = skops.reply + jiffies;
				return skops.op == sockops::BPF_SOCK_OPS_RWND_INIT && jiffies == 40 ? 0 : 1;
			}));
	if (cgroup_bpf_attach(apps, programs[0]) != 0 || cgroup_bpf_attach(*root, programs[1]) != 0)
		return 1;

	std::thread other([&] {
		const auto idle = sockops::make_bpf_prog("idle", [](sockops::bpf_sock_ops&) { return 1; });
		for (int i = 0; i != 100; ++i)
			const sockops::bpf_link link(apps, idle);
	});
	bool same = true;
	for (int i = 0; i != 1000; ++i)
		same &= sockops::tcp_timeout_init(&sk) == 90 && sockops::tcp_rwnd_init_bpf(&sk) == 0;
	other.join();
	std::printf("TIMEOUT_INIT: %u of \"%s\" and \"%s\"; RWND_INIT, which one denies: %u; %s\n",
				sockops::tcp_timeout_init(&sk), programs[0]->name, programs[1]->name,
				sockops::tcp_rwnd_init_bpf(&sk), same ? "always" : "not always");
	return same ? 0 : 1;
}
