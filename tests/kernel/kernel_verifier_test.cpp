// SPDX-License-Identifier: MIT
// What the verifier lets a SOCK_OPS program do, for every access to the context and every helper,
// against the library's tables; and what bpf_trace_printk() answers.
#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <sockops/bpf/ctx_access.hpp>
#include <sockops/bpf/helper_names.hpp>
#include <sockops/bpf/helper_table.hpp>
#include <sockops/hook/printk.hpp>

#include "../helper_number.hpp"
#include "../kernel_cases.hpp"
#include "verifier.hpp"

namespace kernel_diff {
namespace {

using sockops::u32;
using sockops::u64;

constexpr abi::insn return_1[] = {{0xb7, 0, 0, 0, 1}, {0x95, 0, 0, 0, 0}};

[[gnu::format(printf, 1, 2)]] std::string words(const char* format, ...) {
	char text[256];
	std::va_list args;
	va_start(args, format);
	std::vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return text;
}

/// Running totals, printed and checked at the end.
struct tally {
	const char* what;
	unsigned long cases = 0, mismatches = 0;

	void compare(const std::string& which, long here, long kernel) {
		++cases;
		if (here == kernel)
			return;
		if (++mismatches <= 10)
			std::printf("%s: here %ld, the kernel %ld\n", which.c_str(), here, kernel);
	}
	~tally() { report_cases(what, cases, mismatches); }
};

bool kernel_allows(int off, int size_bits, bool write) {
	const auto at = static_cast<std::int16_t>(off);
	const auto size = static_cast<std::uint8_t>(size_bits);
	const std::uint8_t load = 0x61, store = 0x63; // BPF_LDX and BPF_STX | BPF_MEM
	const abi::insn value{0xb7, 2, 0, 0, 0};
	const abi::insn access = write ? abi::insn{static_cast<std::uint8_t>((store & ~0x18) | size), 1, 2, at, 0}
								   : abi::insn{static_cast<std::uint8_t>((load & ~0x18) | size), 2, 1, at, 0};
	const abi::insn insns[] = {value, access, return_1[0], return_1[1]};
	return verify(abi::sock_ops, insns).error == 0;
}

TEST(kernel_verifier, each_access_to_the_context) {
	if (const std::string why = why_no_programs(); !why.empty())
		GTEST_SKIP() << why;
	if (const std::string why = other_release_than_of_tables(); !why.empty())
		GTEST_SKIP() << why;
	tally all{"ctx_access"};
	constexpr struct {
		u32 bytes;
		int bits; // BPF_B, _H, _W, _DW
	} sizes[] = {{1, 0x10}, {2, 0x08}, {4, 0x00}, {8, 0x18}};
	for (int off = -8; off != 240; ++off)
		for (const auto& size : sizes)
			for (const bool write : {false, true})
				all.compare(words("%u bytes %s at %d", size.bytes, write ? "written" : "read", off),
							sockops::sock_ops_is_valid_access(off, size.bytes, write),
							kernel_allows(off, size.bits, write));
}

/// Does the verifier get as far as the arguments of a call?
bool kernel_knows(u32 id, const char* license) {
	const abi::insn insns[] = {{0x85, 0, 0, 0, static_cast<std::int32_t>(id)}, return_1[0], return_1[1]};
	const verdict answer = verify(abi::sock_ops, insns, license);
	if (answer.error == 0)
		return true;
	for (const char* refusal : {"cannot use helper", "invalid func", "cannot call GPL", "might sleep"})
		if (answer.log.find(refusal) != std::string::npos)
			return false;
	return true;
}

TEST(kernel_verifier, each_helper_by_number_and_licence) {
	if (const std::string why = why_no_programs(); !why.empty())
		GTEST_SKIP() << why;
	if (const std::string why = other_release_than_of_tables(); !why.empty())
		GTEST_SKIP() << why;
	tally all{"helpers"};
	for (u32 id = 1; id <= sockops::max_bpf_helper_id + 2; ++id) {
		const sockops::bpf_helper* const row = sockops::find_helper(id);
		all.compare(words("helper %u", id), row != nullptr, kernel_knows(id, "GPL"));
		all.compare(words("helper %u for a licence that is not the GPL", id), row && !row->gpl_only,
					kernel_knows(id, "Proprietary"));
	}
}

/// The verifier writes the name of a helper beside its number.
TEST(kernel_verifier, each_helper_by_name) {
	if (const std::string why = why_no_programs(); !why.empty())
		GTEST_SKIP() << why;
	tally all{"helper_names"};
	for (u32 id = 0; id <= sockops::max_bpf_helper_id; ++id) {
		// A call with nothing in r1: refused by most, and then written out.
		const abi::insn insns[] = {{0xb7, 1, 0, 0, 0},
								   {0x85, 0, 0, 0, static_cast<std::int32_t>(id)},
								   {0xbf, 3, 9, 0, 0},
								   return_1[0],
								   return_1[1]};
		const std::string text = words("call %s#%u", sockops::bpf_helper_name(id).c_str(), id);
		all.compare(text, 1, verify(abi::sock_ops, insns).log.find(text) != std::string::npos);
		if (const sockops::bpf_helper* const row = sockops::find_helper(id)) {
			EXPECT_EQ(row->name, sockops::bpf_helper_name(id));
		}
	}
}

/// A map of sockets at r1, a key at r2, the call's socket at r3, if it has one, and a call.
verdict call_on_sockets(u32 type, std::int32_t helper) {
	abi::map_create_attr attr{type, 4, 8, 8, 0};
	const owned_fd map(static_cast<int>(bpf_call(abi::map_create, attr)));
	const abi::insn insns[] = {
		{0x62, 10, 0, -4, 1},    {0x79, 3, 1, 184, 0}, {0x15, 3, 0, 6, 0},  {0x18, 1, 1, 0, map.get()},
		{0, 0, 0, 0, 0},         {0xbf, 2, 10, 0, 0},  {0x07, 2, 0, 0, -4}, {0xb7, 4, 0, 0, 0},
		{0x85, 0, 0, 0, helper}, return_1[0],          return_1[1]};
	return verify(abi::sock_ops, insns);
}

/// As the library refuses them (vm/flow_rules.cpp): a lookup is let through, but nobody can give back what it
/// gives.
TEST(kernel_verifier, sockets_in_maps_are_neither_looked_up_nor_entered_by_update) {
	if (const std::string why = why_no_programs(); !why.empty())
		GTEST_SKIP() << why;
	constexpr u32 sockmap = 15, sockhash = 18;
	for (const u32 type : {sockmap, sockhash}) {
		const verdict lookup = call_on_sockets(type, helper_number("bpf_map_lookup_elem")),
					  update = call_on_sockets(type, helper_number("bpf_map_update_elem"));
		EXPECT_EQ(lookup.error, -EINVAL);
		EXPECT_NE(lookup.log.find("reference leak"), std::string::npos) << lookup.log;
		EXPECT_EQ(update.error, -EINVAL);
		EXPECT_NE(update.log.find("cannot update sockmap in this context"), std::string::npos) << update.log;
		EXPECT_EQ(call_on_sockets(type, helper_number("bpf_map_delete_elem")).error, 0);
	}
}

/// Puts a format on the stack of a program that may be run by itself, and runs it.
long kernel_printk(std::string_view fmt, u32 fmt_size, const u64 (&args)[3]) {
	constexpr int stack = 256;
	std::array<char, stack> bytes{};
	std::memcpy(bytes.data(), fmt.data(), fmt.size());
	std::vector<abi::insn> insns;
	const auto load = [&](std::uint8_t reg, u64 value) {
		insns.push_back({0x18, reg, 0, 0, static_cast<std::int32_t>(value)});
		insns.push_back({0, 0, 0, 0, static_cast<std::int32_t>(value >> 32)});
	};
	for (int at = 0; at != stack; at += 8) {
		u64 word;
		std::memcpy(&word, bytes.data() + at, sizeof word);
		load(2, word);
		insns.push_back({0x7b, 10, 2, static_cast<std::int16_t>(at - stack), 0});
	}
	insns.push_back({0xbf, 1, 10, 0, 0});
	insns.push_back({0x07, 1, 0, 0, -stack});
	load(2, fmt_size);
	load(3, args[0]);
	load(4, args[1]);
	load(5, args[2]);
	insns.push_back({0x85, 0, 0, 0, helper_number("bpf_trace_printk")});
	insns.push_back({0x95, 0, 0, 0, 0});
	const long fd = load_prog(abi::sched_cls, insns);
	if (fd < 0)
		return -100'000 + fd;
	const owned_fd prog(static_cast<int>(fd));
	std::array<char, 64> packet{};
	abi::test_run_attr attr{};
	attr.prog_fd = static_cast<u32>(fd);
	attr.data_size_in = packet.size();
	attr.data_in = reinterpret_cast<std::uint64_t>(packet.data());
	attr.repeat = 1;
	const long error = bpf_call(abi::prog_test_run, attr);
	return error ? -200'000 + error : static_cast<std::int32_t>(attr.retval);
}

TEST(kernel_verifier, what_trace_printk_answers) {
	if (const std::string why = why_no_programs(); !why.empty())
		GTEST_SKIP() << why;
	if (const std::string why = other_release_than_of_tables(); !why.empty())
		GTEST_SKIP() << why;
	constexpr std::string_view formats[] = {
		"",        "hi",     "tab\t\n",  "%d",      "%d %i %u",  "%d %d %d %d", "%i|%x|%X",  "%lld",
		"%li",     "%lx",    "%lu %lX",  "%llx",    "%llld",     "%5d|",        "%-5d|",     "%05d|",
		"%+d",     "% d",    "%0-5d|",   "%-+5x|",  "%+x",       "%.3d",        "%5.3d",     "%#x",
		"%o",      "%h",     "%hd",      "%c",      "%5c|",      "%-5c|",       "%c%c",      "%f",
		"%n",      "%e",     "%a",       "%",       "%%",        "100%%d",      "%d%%%d",    "%5",
		"%-",      "%l",     "%ll",      "%lc",     "%ls",       "%lp",         "%zd",       "%jd",
		"%*d",     "%p",     "%p %d",    "%px",     "%pK",       "%pk",         "%pM",       "%pI",
		"%pI5",    "%20p|",  "%px%d",    "%s",      "%10s|",     "%-10s|",      "%pks",      "%pus",
		"%20pks|", "%pi4",   "%pI4",     "%20pI4|", "%pi6",      "%pI6",        "%ps",       "%pS",
		"%pB",     "%20pS|", "%1100d",   "%1023d|", "\xc3\xbc",  "\x01",        "\x7f",      "\x1b[m",
		"%\xc3",   "a%db%",  "%d%d%d%%", "%D",      "%9c%9c%9c", "%08llx|",     "%pI4 %pi4", "%p,%p;%p",
		"%k",      "% 5d|"};
	constexpr u64 values[][3] = {{0x1234, 5, static_cast<u64>(-7)},
								 {0, 0, 0},
								 {~u64{0}, 0x8000'0000, 0xffff'ffff},
								 {1, 1'000'000'007, u64{1} << 62}};
	tally all{"trace_printk"};
	char text[sockops::max_bprintf_buf];
	for (const std::string_view fmt : formats)
		for (const auto& args : values) {
			// Here a string or an address is read from memory; there an unreadable one is empty.
			const bool reads =
				fmt.find("s") != fmt.npos || fmt.find("pi") != fmt.npos || fmt.find("pI") != fmt.npos;
			if (reads && (args[0] != 0 || args[1] != 0))
				continue;
			for (const u32 size : {static_cast<u32>(fmt.size() + 1), static_cast<u32>(fmt.size())}) {
				if (size == 0)
					continue;
				all.compare(words("\"%s\" size %u", fmt.data(), size),
							sockops::bpf_format(text, sizeof text, fmt.data(), size, args, 3),
							kernel_printk(fmt, size, args));
			}
		}
}

} // namespace
} // namespace kernel_diff
