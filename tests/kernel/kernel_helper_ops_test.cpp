// SPDX-License-Identifier: MIT
// In which ops the machine's kernel lets each helper do its work: one program calls all those that
// care about the op, on a connection that sends, and the answers are held against the table.
#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sockops/bpf/helper_table.hpp>

#include "../helper_number.hpp"
#include "../kernel_cases.hpp"
#include "cgroup_folder.hpp"
#include "kernel_btf.hpp"
#include "kernel_world.hpp"
#include "verifier.hpp"

namespace kernel_diff {
namespace {

using sockops::u32;

enum reg : std::uint8_t { r0, r1, r2, r3, r4, r5, r6, r7, r8, fp = 10 };

constexpr std::string_view called[] = {
	"bpf_setsockopt",    "bpf_getsockopt",      "bpf_sock_ops_cb_flags_set", "bpf_load_hdr_opt",
	"bpf_store_hdr_opt", "bpf_reserve_hdr_opt", "bpf_sock_map_update",       "bpf_sock_ops_enable_tx_tstamp"};
constexpr std::size_t ops = 21, slots = 16;
static_assert(std::size(called) <= slots);
constexpr int not_called = 0x7777;

/// The program that calls them all, and leaves each answer in the row of its op.
class caller {
  public:
	caller(int results_map, int sockmap) {
		add({0xbf, r6, r1, 0, 0});  // r6 = context
		add({0x61, r7, r6, 0, 0});  // r7 = op
		add({0xa5, r7, 0, 2, ops}); // if it is above all, return 1
		add({0xb7, r0, 0, 0, 1});
		add({0x95, 0, 0, 0, 0});
		add({0x18, r8, 2, 0, results_map}); // r8 = results
		add({0, 0, 0, 0, 0});
		add({0x27, r7, 0, 0, slots * 4});
		add({0x0f, r8, r7, 0, 0});
		add({0x62, fp, 0, -4, 0x7f});         // a value
		add({0x62, fp, 0, -8, 0});            // a key
		add({0x7a, fp, 0, -16, 2});           // a kind to look for
		add({0x7a, fp, 0, -24, 77 | 2 << 8}); // an option of 2 bytes
		add({0x62, fp, 0, -28, 1});           // SK_BPF_CB_TX_TIMESTAMPING
		sockopt(helper_number("bpf_setsockopt"), 1, 1009, -28);
		sockopt(helper_number("bpf_setsockopt"), 6, 1008, -4);
		keep(0);
		sockopt(helper_number("bpf_getsockopt"), 6, 1008, -4);
		keep(1);
		begin();
		add({0xb7, r2, 0, 0, 0x7f});
		call(helper_number("bpf_sock_ops_cb_flags_set"), 2);
		stack(r2, -16);
		add({0xb7, r3, 0, 0, 8});
		add({0xb7, r4, 0, 0, 1}); // in the SYN
		call(helper_number("bpf_load_hdr_opt"), 3);
		stack(r2, -24);
		add({0xb7, r3, 0, 0, 2});
		add({0xb7, r4, 0, 0, 0});
		call(helper_number("bpf_store_hdr_opt"), 4);
		add({0xb7, r2, 0, 0, 4});
		add({0xb7, r3, 0, 0, 0});
		call(helper_number("bpf_reserve_hdr_opt"), 5);
		add({0x18, r2, 1, 0, sockmap});
		add({0, 0, 0, 0, 0});
		stack(r3, -8);
		add({0xb7, r4, 0, 0, 0});
		call(helper_number("bpf_sock_map_update"), 6);
		add({0x85, 0, 2, 0, btf_func("bpf_cast_to_kern_ctx")});
		add({0xbf, r1, r0, 0, 0});
		add({0xb7, r2, 0, 0, 0});
		add({0x85, 0, 2, 0, btf_func("bpf_sock_ops_enable_tx_tstamp")});
		keep(7);
		add({0xb7, r0, 0, 0, 1});
		add({0x95, 0, 0, 0, 0});
	}
	[[nodiscard]] const std::vector<abi::insn>& insns() const { return insns_; }

  private:
	void add(const abi::insn& insn) { insns_.push_back(insn); }
	void begin() { add({0xbf, r1, r6, 0, 0}); }
	void keep(std::size_t slot) { add({0x63, r8, r0, static_cast<std::int16_t>(slot * 4), 0}); }
	void stack(reg to, int at) {
		add({0xbf, to, fp, 0, 0});
		add({0x07, to, 0, 0, at});
	}
	/// Keeps the answer and begins the next call.
	void call(int helper, std::size_t slot) {
		add({0x85, 0, 0, 0, helper});
		keep(slot);
		begin();
	}
	void sockopt(int helper, int level, int option, int value) {
		begin();
		add({0xb7, r2, 0, 0, level});
		add({0xb7, r3, 0, 0, option});
		stack(r4, value);
		add({0xb7, r5, 0, 0, 4});
		add({0x85, 0, 0, 0, helper});
	}

	std::vector<abi::insn> insns_;
};

owned_fd make_map(u32 type, u32 value_size, u32 entries, u32 flags) {
	abi::map_create_attr attr{type, 4, value_size, entries, flags};
	return owned_fd(static_cast<int>(bpf_call(abi::map_create, attr)));
}

bool lo_up() {
	const owned_fd any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	ifreq lo{};
	std::strcpy(lo.ifr_name, "lo");
	lo.ifr_flags = IFF_UP;
	return ::ioctl(any.get(), SIOCSIFFLAGS, &lo) == 0;
}

/// One connection that sends both ways and is closed. "", or what failed.
std::string connect_and_send(int cgroup_fd) {
	const owned_fd listener(open_socket_in(cgroup_fd)), client(open_socket_in(cgroup_fd));
	sockaddr_in to{};
	socklen_t size = sizeof to;
	if (!listener || !client || ::listen(listener.get(), 1) != 0 ||
		::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&to), &size) != 0 ||
		::connect(client.get(), reinterpret_cast<const sockaddr*>(&to), size) != 0)
		return std::string("no connection: ") + std::strerror(errno);
	const owned_fd server(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
	std::array<char, 100> bytes{};
	for (int i = 0; i != 3; ++i)
		for (const auto& [from, at] :
			 {std::pair{client.get(), server.get()}, std::pair{server.get(), client.get()}})
			if (::send(from, bytes.data(), bytes.size(), 0) != 100 ||
				::recv(at, bytes.data(), 100, MSG_WAITALL) != 100)
				return std::string("nothing is sent: ") + std::strerror(errno);
	return "";
}

/// All that is needed to see the answers. "", or why it cannot be.
std::string play(int cgroup_fd, int* results) {
	if (::unshare(CLONE_NEWNET) != 0 || !lo_up())
		return std::string("no network namespace can be made: ") + std::strerror(errno);
	const std::size_t bytes = ops * slots * 4;
	const owned_fd map = make_map(abi::map_array, bytes, 1, abi::map_is_mmapable),
				   sockmap = make_map(15, 4, 1, 0);
	void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, map.get(), 0);
	if (memory == MAP_FAILED || !sockmap)
		return "no maps can be made";
	const auto seen = static_cast<int*>(memory);
	std::fill_n(seen, ops * slots, not_called);
	const caller program(map.get(), sockmap.get());
	const verdict loads = verify(abi::sock_ops, program.insns());
	std::string failure;
	if (loads.error != 0)
		failure = "the program is refused:\n" + loads.log;
	else {
		const owned_fd prog(static_cast<int>(load_prog(abi::sock_ops, program.insns())));
		abi::attach_attr attach{};
		attach.target_fd = static_cast<u32>(cgroup_fd);
		attach.attach_bpf_fd = static_cast<u32>(prog.get());
		attach.attach_type = abi::attach_cgroup_sock_ops;
		failure =
			bpf_call(abi::prog_attach, attach) == 0 ? connect_and_send(cgroup_fd) : "it cannot be attached";
		bpf_call(abi::prog_detach, attach);
	}
	std::copy_n(seen, ops * slots, results);
	::munmap(memory, bytes);
	return failure;
}

TEST(kernel_verifier, helpers_do_their_work_in_the_ops_of_the_table) {
	if (const std::string why = why_no_programs(); !why.empty())
		GTEST_SKIP() << why;
	if (btf_func("bpf_sock_ops_enable_tx_tstamp") == 0)
		GTEST_SKIP() << "no bpf_sock_ops_enable_tx_tstamp(): the kernel is older than 6.15, or without BTF";
	const cgroup_folder folder;
	if (!folder.error().empty())
		GTEST_SKIP() << folder.error();
	std::array<int, ops * slots> results{};
	std::string failure;
	std::thread([&] { failure = play(folder.fd(), results.data()); }).join();
	if (failure.find("no network namespace") == 0)
		GTEST_SKIP() << failure;
	ASSERT_EQ(failure, "");
	unsigned long cases = 0, mismatches = 0;
	std::string seen;
	for (u32 op = 0; op != ops; ++op) {
		if (results[op * slots] == not_called)
			continue;
		seen += ' ' + std::to_string(op);
		for (std::size_t i = 0; i != std::size(called); ++i) {
			const sockops::bpf_helper& row = *sockops::find_helper(called[i]);
			const int answer = results[op * slots + i];
			++cases;
			if ((answer != -row.elsewhere) == sockops::helper_works_in(row, op))
				continue;
			++mismatches;
			std::printf("%s in %s: %d\n", row.name.data(), sockops::op_name(op), answer);
		}
	}
	std::printf("ops seen:%s\n", seen.c_str());
	report_cases("helper_ops", cases, mismatches);
	EXPECT_EQ(seen, " 1 2 3 4 5 6 10 11 12 13 14 15 16 17 19 20");
}

} // namespace
} // namespace kernel_diff
