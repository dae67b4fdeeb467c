// SPDX-License-Identifier: MIT
// sk_storage here and in the machine's kernel: which maps can be made, and sequences of updates and
// deletes on sockets whose option memory is short. SOCKOPS_SEED repeats a run.
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sockops/cgroup/sock_life.hpp>
#include <sockops/map/sk_storage_map.hpp>

#include "../kernel_cases.hpp"
#include "../seed.hpp"
#include "bpf_calls.hpp"

namespace kernel_diff {
namespace {

using sockops::u32;
using sockops::u64;

constexpr u32 map_sk_storage = 24;

struct storage_map_attr {
	u32 map_type, key_size, value_size, max_entries, map_flags, inner_map_fd, numa_node;
	char map_name[16];
	u32 map_ifindex, btf_fd, btf_key_type_id, btf_value_type_id;
};
struct elem_attr {
	u32 map_fd, unused;
	u64 key, value, flags;
};
struct btf_attr {
	u64 btf, log_buf;
	u32 btf_size, log_size, log_level, unused;
};

/// Types 1: int; 2: char; 3: char[value_size].
long load_btf(u32 value_size) {
	const char names[] = "\0int\0char";
	const u32 types[] = {1, 1u << 24, 4, 1u << 24 | 32, 5, 1u << 24, 1, 1u << 24 | 8, 0, 3u << 24,
						 0, 2,        1, value_size};
	const u32 header[] = {0x0001'eb9f, 24, 0, sizeof types, sizeof types, sizeof names};
	std::vector<char> blob(sizeof header + sizeof types + sizeof names);
	std::memcpy(blob.data(), header, sizeof header);
	std::memcpy(blob.data() + sizeof header, types, sizeof types);
	std::memcpy(blob.data() + sizeof header + sizeof types, names, sizeof names);
	btf_attr attr{};
	attr.btf = reinterpret_cast<std::uint64_t>(blob.data());
	attr.btf_size = static_cast<u32>(blob.size());
	return bpf_call(abi::btf_load, attr);
}

sockops::bpf_map_attr storage_of(u32 value_size, u32 flags = sockops::BPF_F_NO_PREALLOC) {
	return {.map_type = sockops::BPF_MAP_TYPE_SK_STORAGE,
			.key_size = 4,
			.value_size = value_size,
			.map_flags = flags};
}

long kernel_map(const sockops::bpf_map_attr& with) {
	const long btf = load_btf(with.value_size);
	if (btf < 0)
		return btf;
	const owned_fd types(static_cast<int>(btf));
	storage_map_attr attr{};
	attr.map_type = map_sk_storage;
	attr.key_size = with.key_size;
	attr.value_size = with.value_size;
	attr.max_entries = with.max_entries;
	attr.map_flags = with.map_flags;
	attr.btf_fd = static_cast<u32>(btf);
	attr.btf_key_type_id = 1;
	attr.btf_value_type_id = 3;
	return bpf_call(abi::map_create, attr);
}

/// Why this kernel cannot be used; empty: it can.
std::string why_not() {
	const long fd = kernel_map(storage_of(8));
	if (fd < 0)
		return std::string("no SK_STORAGE map can be made: ") + std::strerror(static_cast<int>(-fd));
	owned_fd(static_cast<int>(fd)).close();
	return "";
}

TEST(kernel_sk_storage, which_maps_can_be_made) {
	if (const std::string why = why_not(); !why.empty())
		GTEST_SKIP() << why;
	unsigned long cases = 0, mismatches = 0;
	for (const u32 key : {4u, 8u})
		for (const u32 value :
			 {1u, 7u, 8u, 4096u, 65'343u, 65'344u, 65'406u, 65'407u, 65'408u, 65'472u, 65'535u, 70'000u})
			for (const u32 entries : {0u, 1u})
				for (u32 flags = 0; flags != 1 << 11; ++flags) {
					sockops::bpf_map_attr attr = storage_of(value, flags);
					attr.key_size = key;
					attr.max_entries = entries;
					if (flags > 3 && (flags & ~0x201u) != 0 && value != 8)
						continue;
					sockops::bpf_map_ptr map;
					const int here = bpf_map_create(attr, map);
					const long kernel = kernel_map(attr);
					if (kernel >= 0)
						owned_fd(static_cast<int>(kernel)).close();
					++cases;
					if (here != (kernel < 0 ? kernel : 0) && ++mismatches <= 10)
						std::printf("key %u value %u entries %u flags %#x: here %d, the kernel %ld\n", key,
									value, entries, flags, here, kernel);
				}
	report_cases("sk_storage_maps", cases, mismatches);
}

bool lo_up() {
	const owned_fd any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	ifreq lo{};
	std::strcpy(lo.ifr_name, "lo");
	lo.ifr_flags = IFF_UP;
	return ::ioctl(any.get(), SIOCSIFFLAGS, &lo) == 0;
}

/// net.core.optmem_max of the calling thread's network namespace.
bool set_limit(u32 bytes) {
	const owned_fd file(::open("/proc/sys/net/core/optmem_max", O_WRONLY | O_CLOEXEC));
	const std::string text = std::to_string(bytes);
	return file && ::write(file.get(), text.data(), text.size()) > 0;
}

long elem_call(abi::command command, const owned_fd& map, const owned_fd& sk, void* value, u64 flags = 0) {
	const int fd = sk.get();
	elem_attr attr{};
	attr.map_fd = static_cast<u32>(map.get());
	attr.key = reinterpret_cast<std::uint64_t>(&fd);
	attr.value = reinterpret_cast<std::uint64_t>(value);
	attr.flags = flags;
	return bpf_call(command, attr);
}

/// The same maps and sockets in both, in a network namespace of the calling thread.
struct both {
	static constexpr std::size_t sockets = 3, maps = 4;
	std::mt19937_64 random;
	sockops::net in;
	sockops::cgroup_root root;
	sockops::tcp_sock here[sockets];
	owned_fd there[sockets];
	sockops::bpf_map_ptr here_maps[maps];
	owned_fd there_maps[maps];
	std::string failure;

	explicit both(u64 seed) : random(seed) {
		const u32 limit = 176 + static_cast<u32>(random() % 1500);
		in.core.sysctl_optmem_max = limit;
		if (!set_limit(limit)) {
			failure = "net.core.optmem_max cannot be set in a network namespace";
			return;
		}
		for (std::size_t i = 0; i != sockets; ++i) {
			EXPECT_EQ(sockops::tcp_init_sock(here[i], in, *root), 0);
			there[i] = owned_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
		}
		for (std::size_t i = 0; i != maps; ++i) {
			const u32 value_size = random() % 8 == 0 ? 1500 : 1 + static_cast<u32>(random() % 200);
			const sockops::bpf_map_attr attr = storage_of(value_size);
			EXPECT_EQ(bpf_map_create(attr, here_maps[i]), 0);
			there_maps[i] = owned_fd(static_cast<int>(kernel_map(attr)));
			if (!there_maps[i])
				failure = "a map cannot be made";
		}
	}
	~both() {
		for (sockops::tcp_sock& each : here)
			sk_free(each);
	}
	both(const both&) = delete;
	both& operator=(const both&) = delete;

	long kernel(abi::command command, std::size_t map, std::size_t sk, void* value, u64 flags) {
		return elem_call(command, there_maps[map], there[sk], value, flags);
	}
	u32 value_size(std::size_t map) const { return here_maps[map].get()->attr.value_size; }

	/// One operation in both; empty, or how they differ.
	std::string step() {
		const std::size_t map = random() % maps, sk = random() % sockets;
		const bool erase = random() % 4 == 0;
		const u64 flags = random() % 16 == 0 ? 3 : random() % 3;
		std::vector<unsigned char> value(value_size(map), static_cast<unsigned char>(random()));
		const long theirs = erase ? kernel(abi::map_delete, map, sk, nullptr, 0)
								  : kernel(abi::map_update, map, sk, value.data(), flags);
		const long ours = erase ? bpf_sk_storage_delete(*here_maps[map].get(), &here[sk])
								: bpf_sk_storage_update(*here_maps[map].get(), here[sk], value.data(), flags);
		char text[160] = "";
		if (ours != theirs)
			std::snprintf(text, sizeof text,
						  "%s map %zu (%u bytes) socket %zu flags %llu: here %ld, the kernel %ld",
						  erase ? "delete" : "update", map, value_size(map), sk,
						  static_cast<unsigned long long>(flags), ours, theirs);
		return text;
	}
	/// Every value of every socket.
	bool same_values() {
		for (std::size_t map = 0; map != maps; ++map)
			for (std::size_t sk = 0; sk != sockets; ++sk) {
				std::vector<unsigned char> value((value_size(map) + 7) / 8 * 8);
				const long theirs = kernel(abi::map_lookup, map, sk, value.data(), 0);
				const void* const ours = bpf_sk_storage_get(*here_maps[map].get(), &here[sk], nullptr, 0);
				if ((theirs == 0) != (ours != nullptr) ||
					(ours && std::memcmp(ours, value.data(), value_size(map)) != 0))
					return false;
			}
		return true;
	}
};

/// Sequences in a network namespace of their own.
void run_sequences(u64 first_seed, unsigned long& cases, unsigned long& mismatches, std::string& skip) {
	if (::unshare(CLONE_NEWNET) != 0) {
		skip = std::string("no network namespace can be made: ") + std::strerror(errno);
		return;
	}
	for (u64 seed = first_seed; seed != first_seed + 200; ++seed) {
		both world(seed);
		if (!world.failure.empty()) {
			skip = world.failure;
			return;
		}
		for (int i = 0; i != 100; ++i) {
			const std::string wrong = world.step();
			++cases;
			if (wrong.empty() && world.same_values())
				continue;
			if (++mismatches <= 10)
				std::printf("SOCKOPS_SEED=%llu, limit %u, step %d: %s\n",
							static_cast<unsigned long long>(seed), world.in.core.sysctl_optmem_max, i,
							wrong.empty() ? "values differ" : wrong.c_str());
			break;
		}
	}
}

TEST(kernel_sk_storage, updates_and_deletes_where_option_memory_is_short) {
	if (const std::string why = why_not(); !why.empty())
		GTEST_SKIP() << why;
	const u64 seed = seed_of_run();
	unsigned long cases = 0, mismatches = 0;
	std::string skip;
	std::thread([&] { run_sequences(seed, cases, mismatches, skip); }).join();
	if (!skip.empty())
		GTEST_SKIP() << skip;
	report_cases("sk_storage", cases, mismatches);
}

/// What became of a child whose listener has a value in each of some maps: "none", or for each map
/// whether it has a copy.
using child_report = std::string;

child_report kernel_child(const std::vector<bool>& clones, u32 limit) {
	const owned_fd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
	const owned_fd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	sockaddr_in at{};
	at.sin_family = AF_INET;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	socklen_t size = sizeof at;
	set_limit(131'072);
	std::vector<owned_fd> maps;
	u64 value = 7;
	for (const bool clone : clones) {
		maps.emplace_back(static_cast<int>(kernel_map(storage_of(8, clone ? 0x201u : 1u))));
		EXPECT_EQ(elem_call(abi::map_update, maps.back(), listener, &value), 0);
	}
	if (::bind(listener.get(), reinterpret_cast<sockaddr*>(&at), size) != 0 ||
		::listen(listener.get(), 1) != 0 ||
		::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&at), &size) != 0 || !set_limit(limit) ||
		::connect(client.get(), reinterpret_cast<sockaddr*>(&at), size) != 0)
		return std::strerror(errno);
	pollfd ready{listener.get(), POLLIN, 0};
	if (::poll(&ready, 1, 100) != 1)
		return "none";
	const owned_fd child(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
	std::string copies;
	for (const owned_fd& map : maps)
		copies += elem_call(abi::map_lookup, map, child, &value) == 0 ? 'y' : 'n';
	return copies;
}

child_report library_child(const std::vector<bool>& clones, u32 limit) {
	sockops::net in;
	sockops::cgroup_root root;
	sockops::scoped_tcp_sock listener(in, *root);
	std::vector<sockops::bpf_map_ptr> maps(clones.size());
	for (std::size_t i = 0; i != clones.size(); ++i) {
		EXPECT_EQ(bpf_map_create(storage_of(8, clones[i] ? 0x201u : 1u), maps[i]), 0);
		EXPECT_NE(bpf_sk_storage_get(*maps[i].get(), &listener, nullptr, 1), nullptr);
	}
	in.core.sysctl_optmem_max = limit;
	sockops::request_sock req;
	inet_reqsk_init(req, &listener, in);
	sockops::scoped_tcp_sock child(listener, req);
	std::string copies;
	for (const auto& map : maps)
		copies += bpf_sk_storage_get(*map.get(), &child, nullptr, 0) ? 'y' : 'n';
	return child.error == -ENOMEM ? "none" : copies;
}

TEST(kernel_sk_storage, children_get_copies_or_are_not_born) {
	if (const std::string why = why_not(); !why.empty())
		GTEST_SKIP() << why;
	unsigned long cases = 0, mismatches = 0;
	std::string skip;
	std::thread([&] {
		if (::unshare(CLONE_NEWNET) != 0 || !lo_up()) {
			skip = "no network namespace can be made";
			return;
		}
		for (const std::vector<bool>& clones :
			 {std::vector{false}, {true}, {false, true}, {true, true}, {true, false, true}})
			for (const u32 limit : {256u, 257u, 336u, 337u, 131'072u}) {
				const child_report here = library_child(clones, limit), there = kernel_child(clones, limit);
				++cases;
				if (here == there)
					continue;
				++mismatches;
				std::printf("%zu maps, limit %u: here %s, the kernel %s\n", clones.size(), limit,
							here.c_str(), there.c_str());
			}
	}).join();
	if (!skip.empty())
		GTEST_SKIP() << skip;
	report_cases("sk_storage_children", cases, mismatches);
}

} // namespace
} // namespace kernel_diff
