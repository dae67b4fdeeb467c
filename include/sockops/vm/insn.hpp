// SPDX-License-Identifier: MIT
// struct bpf_insn: eight bytes of a BPF program, and the parts of its opcode (RFC 9669). What are macros in
// <linux/bpf.h> are scoped constants here.
//
// Context: anywhere, in constant expressions too.
#pragma once

#include <sockops/kern/types.hpp>

namespace sockops {

struct bpf_insn {
	u8 code;
	u8 dst_reg : 4;
	u8 src_reg : 4;
	s16 off;
	s32 imm;
};
static_assert(sizeof(bpf_insn) == 8);

/// The low three bits of code.
namespace insn_class {
inline constexpr u8 ld = 0, ldx = 1, st = 2, stx = 3, alu = 4, jmp = 5, jmp32 = 6, alu64 = 7, mask = 7;
}
/// Where the second operand comes from: bit 3 of arithmetic and jumps.
namespace insn_source {
inline constexpr u8 k = 0, x = 8, mask = 8;
}
/// Bits 4 to 7 of arithmetic.
namespace alu_op {
inline constexpr u8 add = 0x00, sub = 0x10, mul = 0x20, div = 0x30, or_ = 0x40, and_ = 0x50, lsh = 0x60,
					rsh = 0x70, neg = 0x80, mod = 0x90, xor_ = 0xa0, mov = 0xb0, arsh = 0xc0, end = 0xd0,
					mask = 0xf0;
}
/// Bits 4 to 7 of jumps.
namespace jmp_op {
inline constexpr u8 ja = 0x00, jeq = 0x10, jgt = 0x20, jge = 0x30, jset = 0x40, jne = 0x50, jsgt = 0x60,
					jsge = 0x70, call = 0x80, exit = 0x90, jlt = 0xa0, jle = 0xb0, jslt = 0xc0, jsle = 0xd0,
					mask = 0xf0;
}
/// Bits 3 and 4 of loads and stores.
namespace insn_size {
inline constexpr u8 w = 0x00, h = 0x08, b = 0x10, dw = 0x18, mask = 0x18;
/// How many bytes a load or store with this code moves.
constexpr u32 bytes(u8 code) noexcept {
	switch (code & mask) {
	case w:
		return 4;
	case h:
		return 2;
	case b:
		return 1;
	default:
		return 8;
	}
}
} // namespace insn_size
/// Bits 5 to 7 of loads and stores.
namespace insn_mode {
inline constexpr u8 imm = 0x00, abs = 0x20, ind = 0x40, mem = 0x60, memsx = 0x80, atomic = 0xc0, mask = 0xe0;
}
/// imm of an atomic instruction; with alu_op::add, or_, and_, xor_ also without fetch.
namespace atomic_op {
inline constexpr s32 fetch = 0x01, xchg = 0xe1, cmpxchg = 0xf1, load_acq = 0x100, store_rel = 0x110;
}
/// src_reg of a 64-bit immediate load: what its imm is.
namespace ld_imm64 {
inline constexpr u8 code = 0x18;
inline constexpr u8 number = 0, map_fd = 1, map_value = 2, btf_id = 3, func = 4, map_idx = 5,
					map_idx_value = 6;
} // namespace ld_imm64
/// src_reg of a call.
namespace call_kind {
inline constexpr u8 helper = 0, subprogram = 1, kfunc = 2;
}

inline constexpr u32 bpf_max_insns =
	1'000'000; ///< BPF_COMPLEXITY_LIMIT_INSNS: of a program; of a run between calls
inline constexpr u32 max_bpf_stack = 512; ///< bytes, of all frames of a call chain together
inline constexpr u32 max_call_frames = 8;
inline constexpr u32 max_subprograms = 256; ///< BPF_MAX_SUBPROGS, with the main program
inline constexpr u32 max_tail_call_cnt = 33;

} // namespace sockops
