// SPDX-License-Identifier: MIT
// Programs enter their sockets and delete them while other threads look up, close sockets, and make and
// drop maps: an entry is a socket that was entered under its key, or not there; and nothing is left behind.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

#include <sockops/sockops.hpp>

namespace {

using namespace sockops;

constexpr u32 keys = 8;

struct world {
	net in;
	cgroup_root root;
	sockmap array{keys};
	sockhash<u64> hash{keys / 4}; // often full
	std::atomic<bool> stop{false};
	std::atomic<long> wrong{0}, found{0}, missed{0}, entered{0}, refused{0}, deleted{0}, closed{0}, maps{0};

	bool stopped() const { return stop.load(std::memory_order_relaxed); }

	/// Enters the socket under the key that is its mark, whose cookie then is found with it.
	bpf_prog_ptr enterer() {
		return make_bpf_prog("enters", [this](bpf_sock_ops& skops) {
			const u32 key = (+skops.sk)->sk_mark;
			(array.update(skops, key) == 0 ? entered : wrong)++;
			const int error = hash.update(skops, u64{key} << 40);
			if (error == 0)
				++entered;
			else
				(error == -E2BIG ? refused : wrong)++;
			return 1;
		});
	}
	/// Sockets with one mark: entered, sometimes deleted again, closed, freed.
	void connections(u32 key) {
		for (long i = 0; !stopped(); ++i) {
			scoped_tcp_sock sk(in, *root);
			sk.sk_mark = key;
			sk.skc_cookie = u64{key} << 32 | static_cast<u64>(i);
			(void)tcp_call_bpf(&sk, BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, 0, nullptr);
			wrong += array.find(key) != &sk; // nobody else enters this mark or deletes it from the array
			if (i % 3 == 0)
				deleted += hash.erase(u64{key} << 40) == 0;
			if (i % 2 == 0)
				sock_map_close(sk);
			++closed;
			if (i % 1000 == 0)
				synchronize_rcu(); // or what is deleted piles up while a reader is not scheduled
		}
	}
	void look_up() {
		while (!stopped())
			for (u32 key = 0; key != keys; ++key)
				for (const u64 cookie : {array.cookie(key), hash.cookie(u64{key} << 40)}) {
					wrong += cookie != 0 && cookie >> 32 != key;
					(cookie ? found : missed)++;
				}
	}
	bool everything_happened() const {
		for (const auto* each : {&found, &missed, &entered, &refused, &deleted, &closed, &maps})
			if (*each == 0)
				return false;
		return true;
	}
	/// A second, and as long as something rare takes on a busy machine.
	void run_until_everything_happened() const {
		using namespace std::chrono;
		const auto begin = steady_clock::now();
		while (steady_clock::now() - begin < seconds(1) ||
			   (!everything_happened() && steady_clock::now() - begin < seconds(60)))
			std::this_thread::sleep_for(milliseconds(50));
	}
	/// Frees map and socket in both orders, also at the same time.
	void make_maps() {
		while (!stopped()) {
			scoped_tcp_sock mine(in, *root);
			mine.skc_state = TCP_LISTEN;
			sockmap ours(2);
			for (const u32 index : {0u, 1u})
				wrong += sock_map_update_elem_sys(*ours.map().get(), &index, mine, BPF_NOEXIST) != 0;
			std::thread other([&mine] { sk_free(mine); });
			ours = sockmap(1);
			other.join();
			wrong += !mine.sk_psock.empty();
			++maps;
		}
	}
};

TEST(sockmap, entries_are_right_while_others_enter_delete_close_and_drop_maps) {
	world all;
	const auto prog = all.enterer();
	ASSERT_EQ(cgroup_bpf_attach(*all.root, prog, attach_flags::allow_multi), 0);
	{
		std::array<std::thread, keys> connecting;
		for (u32 key = 0; key != keys; ++key)
			connecting[key] = std::thread([&all, key] { all.connections(key); });
		std::thread others[] = {std::thread([&] { all.look_up(); }), std::thread([&] { all.look_up(); }),
								std::thread([&] { all.make_maps(); })};
		all.run_until_everything_happened();
		all.stop = true;
		for (std::thread& each : connecting)
			each.join();
		for (std::thread& each : others)
			each.join();
	}
	EXPECT_EQ(all.wrong, 0);
	EXPECT_EQ(all.array.count() + all.hash.count(), 0u);
	EXPECT_TRUE(all.everything_happened());
	std::printf("found %ld, missed %ld, entered %ld, refused %ld, deleted %ld, sockets %ld, maps %ld\n",
				all.found.load(), all.missed.load(), all.entered.load(), all.refused.load(),
				all.deleted.load(), all.closed.load(), all.maps.load());
	EXPECT_EQ(cgroup_bpf_detach(*all.root, prog.get()), 0);
	rcu_barrier();
	EXPECT_EQ(rcu_pending(), 0u);
}

} // namespace
