// SPDX-License-Identifier: MIT
// The interpreter under a fuzzer: any instructions, raw or as a program of a socket with maps. Memory lies in
// blocks of its exact size, so that AddressSanitizer sees each byte that a program reaches and should not.
//
// Input: what (bit 0: a program of a socket, bit 1: mended), a byte (length of the memory, or the op), then
// instructions. Mended ones set all registers first, have their fields brought into range, and calls of
// helpers stand between arguments: most of those are loaded, where of arbitrary bytes few are.

#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include <sockops/bpf/helper_table.hpp>
#include <sockops/net/observer.hpp>
#include <sockops/sockops.hpp>
#include <sockops/vm/fault.hpp>
#include <sockops/vm/raw_run.hpp>

namespace {

using namespace sockops;

unsigned long faults = 0;
struct fault_counter final : net_observer {
	bool printk(const char*) override { return true; }
	bool fault(const bpf_fault& fault) override {
		++faults;
		if (!fault.prog || fault.message.empty())
			std::abort();
		return true;
	}
};

void require(bool holds) {
	if (!holds)
		std::abort();
}

std::vector<bpf_map_ptr> make_maps() {
	std::vector<bpf_map_ptr> maps;
	for (const bpf_map_attr& attr : {
			 bpf_map_attr{.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 24, .max_entries = 3},
			 bpf_map_attr{.map_type = BPF_MAP_TYPE_HASH, .key_size = 8, .value_size = 16, .max_entries = 4},
			 bpf_map_attr{.map_type = BPF_MAP_TYPE_SK_STORAGE,
			 .key_size = 4,
			 .value_size = 8,
			 .map_flags = BPF_F_NO_PREALLOC},
			 bpf_map_attr{.map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = 4096},
			 bpf_map_attr{.map_type = BPF_MAP_TYPE_QUEUE, .value_size = 8, .max_entries = 2},
		 }) {
		bpf_map_ptr made;
		std::string why;
		require(bpf_map_create(attr, made, why) == 0);
		maps.push_back(std::move(made));
	}
	return maps;
}

using code = std::vector<bpf_insn>;

constexpr u8 mov_x = insn_class::alu64 | alu_op::mov | insn_source::x,
			 mov_k = insn_class::alu64 | alu_op::mov, add_k = insn_class::alu64 | alu_op::add,
			 call = insn_class::jmp | jmp_op::call,
			 store_dw = insn_class::st | insn_mode::mem | insn_size::dw;

bpf_insn plain(unsigned opcode, u8 dst, u8 src, s16 off, s32 imm) {
	return {static_cast<u8>(opcode), dst, src, off, imm};
}

void add_map(code& to, u8 dst, s32 index) {
	to.push_back(plain(ld_imm64::code, dst, ld_imm64::map_idx, 0, index));
	to.push_back(plain(0, 0, 0, 0, 0));
}
void add_stack(code& to, u8 dst, s32 off) {
	to.push_back(plain(mov_x, dst, 10, 0, 0));
	to.push_back(plain(add_k, dst, 0, 0, off));
}

/// r1 to r5, as most helpers take them: the context or a map, a key, a value, a length, flags.
void add_arguments(code& to, bool socket, u32 choice) {
	if (choice & 1 || !socket)
		to.push_back(plain(mov_x, 1, 6, 0, 0));
	else
		add_map(to, 1, static_cast<s32>(choice >> 1 & 3));
	if (choice & 8)
		to.push_back(plain(mov_k, 2, 0, 0, static_cast<s32>(choice >> 4 & 63)));
	else
		add_stack(to, 2, -16);
	if (choice & 1024)
		to.push_back(plain(mov_k, 3, 0, 0, static_cast<s32>(choice >> 4 & 63)));
	else
		add_stack(to, 3, -64);
	if (choice & 2048)
		add_stack(to, 4, -128);
	else
		to.push_back(plain(mov_k, 4, 0, 0, static_cast<s32>(choice >> 12 & 15)));
	to.push_back(plain(mov_k, 5, 0, 0, choice & 4096 ? 4 : 0));
}

/// Sets all registers; r6 stays what the program was given.
code beginning(bool socket) {
	code made = {plain(mov_x, 6, 1, 0, 0), plain(mov_x, 0, 10, 0, 0), plain(mov_k, 7, 0, 0, 2),
				 plain(mov_k, 8, 0, 0, 3), plain(mov_k, 9, 0, 0, -1)};
	made.push_back(plain(add_k, 0, 0, 0, -32));
	for (s16 off = -128; off != 0; off = static_cast<s16>(off + 8))
		made.push_back(plain(store_dw, 10, 0, off, off == -16 ? 1 : 0));
	add_arguments(made, socket, 1);
	return made;
}

bpf_insn mended_arithmetic(bpf_insn insn) {
	if ((insn.code & alu_op::mask) > alu_op::end)
		insn.code ^= 0x80;
	const u8 op = insn.code & alu_op::mask;
	const bool wide = (insn.code & insn_class::mask) == insn_class::alu64,
			   by_register = insn.code & insn_source::x;
	insn.off = op == alu_op::div || op == alu_op::mod ? insn.off & 1
			   : op == alu_op::mov && by_register     ? insn.off & 24
													  : 0;
	if (insn.off == 24)
		insn.off = 8;
	if (op == alu_op::end) {
		insn.imm = 16 << (insn.imm & 1);
		insn.src_reg = 0;
		insn.code &= static_cast<u8>(wide ? ~insn_source::x : 0xff);
	} else if (op == alu_op::neg) {
		insn.code &= static_cast<u8>(~insn_source::x);
		insn.imm = 0;
		insn.src_reg = 0;
	} else if (by_register) {
		insn.imm = 0;
	} else {
		insn.src_reg = 0;
		if (op == alu_op::lsh || op == alu_op::rsh || op == alu_op::arsh)
			insn.imm &= 31;
		if ((op == alu_op::div || op == alu_op::mod) && insn.imm == 0)
			insn.imm = 3;
	}
	return insn;
}

/// A conditional jump; where it leads is set later.
bpf_insn mended_jump(bpf_insn insn) {
	const u8 op = insn.code & jmp_op::mask;
	if (op == jmp_op::call || op == jmp_op::exit || op == jmp_op::ja || op > jmp_op::jsle)
		insn.code = static_cast<u8>((insn.code & ~jmp_op::mask) | jmp_op::jgt);
	if (insn.code & insn_source::x)
		insn.imm = 0;
	else
		insn.src_reg = 0;
	return insn;
}

/// The operation and size of an access, without its place.
bpf_insn mended_access(bpf_insn insn) {
	const u8 cls = insn.code & insn_class::mask, size = insn.code & insn_size::mask;
	constexpr s32 atomics[] = {alu_op::add,      alu_op::or_ | 1, alu_op::and_,
							   alu_op::xor_ | 1, atomic_op::xchg, atomic_op::cmpxchg};
	if (cls == insn_class::stx && (insn.code & insn_mode::mask) == insn_mode::atomic) {
		insn.code = static_cast<u8>(insn_class::stx | insn_mode::atomic |
									(size & insn_size::b ? insn_size::dw : insn_size::w));
		insn.imm = atomics[static_cast<u32>(insn.imm) % std::size(atomics)];
		return insn;
	}
	const bool sign = cls == insn_class::ldx && size != insn_size::dw && insn.code & 0x80;
	insn.code = static_cast<u8>(cls | size | (sign ? insn_mode::memsx : insn_mode::mem));
	if (cls == insn_class::st)
		insn.src_reg = 0;
	else
		insn.imm = 0;
	return insn;
}

/// An access to the stack, to what the program was given, or through r0 or r2.
bpf_insn mended_memory(bpf_insn insn, bool socket) {
	insn = mended_access(insn);
	const bool load = (insn.code & insn_class::mask) == insn_class::ldx;
	constexpr u8 bases[] = {10, 10, 10, 0, 0, 2, 6, 6};
	const u8 base = bases[(load ? insn.src_reg : insn.dst_reg) % std::size(bases)];
	const auto off = static_cast<u16>(insn.off);
	if (base == 6 && socket) // the fields of the context of 4 bytes; written is only reply
		return load ? plain(insn_class::ldx | insn_mode::mem | insn_size::w, insn.dst_reg, 6, off % 42 * 4, 0)
					: plain(insn_class::st | insn_mode::mem | insn_size::w, 6, 0, 4, insn.imm);
	insn.off = static_cast<s16>(base == 10 ? -8 - off % 128 : base == 6 ? off % 64 : off % 17);
	if (load)
		insn.src_reg = base;
	else
		insn.dst_reg = base;
	return insn;
}

bool is_jump(bpf_insn insn) {
	const u8 cls = insn.code & insn_class::mask;
	return cls == insn_class::jmp || cls == insn_class::jmp32;
}

/// One instruction, or a call of a helper between arguments.
code mended(bpf_insn insn, bool socket) {
	insn.dst_reg = insn.dst_reg % 10 == 6 ? 0 : insn.dst_reg % 10;
	insn.src_reg = insn.src_reg % 11;
	if (is_jump(insn) && (insn.code & jmp_op::mask) == jmp_op::call) {
		code made;
		add_arguments(made, socket, static_cast<u16>(insn.off));
		const bpf_helper& helper = bpf_helpers[static_cast<u32>(insn.imm) % std::size(bpf_helpers)];
		made.push_back(plain(call, 0, call_kind::helper, 0, helper.id ? helper.id : 1));
		add_arguments(made, socket, static_cast<u16>(insn.off >> 3));
		return made;
	}
	if (is_jump(insn))
		return {mended_jump(insn)};
	switch (insn.code & insn_class::mask) {
	case insn_class::alu:
	case insn_class::alu64:
		return {mended_arithmetic(insn)};
	case insn_class::ld: // the stack and the context, which bytes by chance seldom reach
		return {plain(mov_x, insn.dst_reg, insn.imm & 1 ? 10 : 6, 0, 0)};
	default:
		return {mended_memory(insn, socket)};
	}
}

code mended_program(std::span<const bpf_insn> insns, bool socket) {
	code made = beginning(socket);
	std::vector<std::size_t> starts;
	for (const bpf_insn& insn : insns) {
		starts.push_back(made.size());
		const code part = mended(insn, socket);
		made.insert(made.end(), part.begin(), part.end());
	}
	starts.push_back(made.size());
	for (std::size_t i = 0; i != insns.size(); ++i) {
		bpf_insn& insn = made[starts[i]];
		if (starts[i + 1] - starts[i] != 1 || !is_jump(insn))
			continue;
		const auto off = static_cast<u16>(insns[i].off);
		const std::size_t target = off % 8 == 7 ? off % starts.size() : i + 1 + off % (insns.size() - i);
		insn.off = static_cast<s16>(static_cast<s64>(starts[target]) - static_cast<s64>(starts[i]) - 1);
	}
	made.push_back(plain(mov_k, 0, 0, 0, 1));
	made.push_back(plain(insn_class::jmp | jmp_op::exit, 0, 0, 0, 0));
	return made;
}

code program_of(std::span<const u8> bytes, bool mend, bool socket) {
	code insns(bytes.size() / sizeof(bpf_insn));
	if (!insns.empty())
		std::memcpy(insns.data(), bytes.data(), insns.size() * sizeof(bpf_insn));
	return mend ? mended_program(insns, socket) : insns;
}

void run_raw(std::span<const bpf_insn> insns, u8 length) {
	const std::unique_ptr<std::byte[]> memory(length ? new std::byte[length]() : nullptr);
	const raw_run_result result = bpf_raw_run(insns, {memory.get(), length});
	require(result.ok == result.message.empty());
}

void dispatch(tcp_sock& sk, u8 op) {
	u8 header[tcp_header_size + max_tcp_option_space] = {};
	header[12] = sizeof header / 4 << 4;
	sk_buff skb;
	skb.data = header;
	skb.len = sizeof header;
	switch (op % 4) {
	case 0:
		return bpf_skops_parse_hdr(sk, skb);
	case 1:
		return bpf_skops_write_hdr_opt(sk, {.skb = &skb}, max_tcp_option_space);
	case 2:
		return (void)bpf_skops_hdr_opt_len(sk, {.skb = &skb}, max_tcp_option_space);
	default:
		return (void)tcp_call_bpf(&sk, op / 4 % 13, 0, nullptr);
	}
}

/// As a kernel would look at it, and all the same.
bpf_prog_ptr load(std::span<const bpf_insn> insns, bool unchecked) {
	bpf_load_error why;
	bpf_prog_ptr prog = bpf_prog_load(
		{.name = "fuzzed", .insns = insns, .license = "GPL", .maps = make_maps(), .unchecked = unchecked},
		why);
	require(static_cast<bool>(prog) == why.message.empty());
	return prog;
}

void run_program(std::span<const bpf_insn> insns, u8 op) {
	const bool is_taken = static_cast<bool>(load(insns, false));
	const bpf_prog_ptr prog = load(insns, true);
	require(!is_taken || static_cast<bool>(prog));
	if (!prog)
		return;
	net in;
	fault_counter counter;
	const net_watch watching(in, counter);
	cgroup_root root;
	scoped_tcp_sock sk(in, *root);
	sk.skc_state = TCP_ESTABLISHED;
	sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_ALL_CB_FLAGS;
	require(cgroup_bpf_attach(*root, prog) == 0);
	dispatch(sk, op);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
	if (size < 2)
		return 0;
	set_bpf_run_limit(2'000'000);
	const bool socket = data[0] & 1;
	const code insns = program_of({data + 2, size - 2}, data[0] & 2, socket);
	socket ? run_program(insns, data[1]) : run_raw(insns, data[1]);
	return 0;
}
