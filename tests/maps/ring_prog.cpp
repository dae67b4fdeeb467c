// SPDX-License-Identifier: MIT
#include "ring_prog.hpp"

#include <cerrno>

#include <sys/mman.h>

#include "../helper_number.hpp"
#include "../kernel/verifier.hpp"

namespace maps_diff {

namespace {

namespace abi = kernel_diff::abi;

constexpr u64 answers_bytes = ring_calls * sizeof(u64) + ring_output_bytes;
constexpr u32 mmapable = abi::map_is_mmapable;

enum reg : std::uint8_t { r0, r1, r2, r3, r4, r5, r6, fp = 10 };
enum helper : std::int32_t {
	output = helper_number("bpf_ringbuf_output"),
	reserve = helper_number("bpf_ringbuf_reserve"),
	submit = helper_number("bpf_ringbuf_submit"),
	discard = helper_number("bpf_ringbuf_discard"),
	query = helper_number("bpf_ringbuf_query"),
};
constexpr std::uint8_t map_by_fd = 1, value_by_fd = 2;

/// r6 is where the answers go, throughout; open records are on the stack.
class assembler {
  public:
	assembler(int ring_fd, int answers_fd) : ring_(ring_fd), answers_(answers_fd) {
		load(r6, static_cast<u32>(answers_), value_by_fd);
		for (unsigned slot = 0; slot != ring_slots; ++slot)
			forget(slot);
	}

	void add(const ring_call& call, std::size_t index) {
		switch (call.op) {
		case ring_op::reserve:
			call_with_ring(reserve, call.size, call.flags);
			add({0x7b, fp, r0, of_slot(call.slot), 0});
			break;
		case ring_op::submit:
		case ring_op::discard:
			return release(call);
		case ring_op::output:
			add_output(call);
			break;
		case ring_op::query:
			load(r2, call.flags);
			call_ring(query);
			break;
		}
		add({0x7b, r6, r0, static_cast<std::int16_t>(index * sizeof(u64)), 0});
	}

	std::vector<abi::insn> end() {
		add({0xb7, r0, 0, 0, 0});
		add({0x95, 0, 0, 0, 0});
		return std::move(insns_);
	}

  private:
	void add(const abi::insn& insn) { insns_.push_back(insn); }
	/// A constant; or, with a descriptor as its low half, a map or the address of a value's byte.
	void load(reg into, u64 value, std::uint8_t what = 0) {
		add({0x18, into, what, 0, static_cast<std::int32_t>(value)});
		add({0, 0, 0, 0, static_cast<std::int32_t>(value >> 32)});
	}
	static std::int16_t of_slot(unsigned slot) { return static_cast<std::int16_t>(-8 * (1 + int(slot))); }
	void forget(unsigned slot) { add({0x7a, fp, 0, of_slot(slot), 0}); }

	void call_ring(helper which) {
		load(r1, static_cast<u32>(ring_), map_by_fd);
		add({0x85, 0, 0, 0, which});
	}
	void call_with_ring(helper which, u64 second, u64 third) {
		load(r2, second);
		load(r3, third);
		call_ring(which);
	}
	void add_output(const ring_call& call) {
		const u64 at = ring_calls * sizeof(u64) + call.from;
		load(r2, static_cast<u32>(answers_) | at << 32, value_by_fd);
		load(r3, call.size);
		load(r4, call.flags);
		call_ring(output);
	}
	/// Only now is the record looked at, so that few paths lead through the program.
	void release(const ring_call& call) {
		add({0x79, r1, fp, of_slot(call.slot), 0});
		const std::size_t branch = insns_.size();
		add({0x15, r1, 0, 0, 0});
		for (const ring_mark& mark : marks_of(call.size))
			add({static_cast<std::uint8_t>(mark.bytes == 8 ? 0x7a : 0x72), r1, 0,
				 static_cast<std::int16_t>(mark.at), call.mark});
		load(r2, call.flags);
		add({0x85, 0, 0, 0, call.op == ring_op::submit ? submit : discard});
		insns_[branch].off = static_cast<std::int16_t>(insns_.size() - branch - 1);
		forget(call.slot);
	}

	const int ring_, answers_;
	std::vector<abi::insn> insns_;
};

long load_script(const ring_script& script, int ring_fd, int answers_fd) {
	assembler made(ring_fd, answers_fd);
	for (std::size_t i = 0; i != script.size(); ++i)
		made.add(script[i], i);
	return kernel_diff::load_prog(abi::sched_cls, made.end());
}

} // namespace

ring_answers::ring_answers()
	: map_({.map_type = sockops::BPF_MAP_TYPE_ARRAY,
			.key_size = 4,
			.value_size = answers_bytes,
			.max_entries = 1,
			.map_flags = mmapable}),
	  error_(map_.error()) {
	if (error_)
		return;
	void* const memory = ::mmap(nullptr, answers_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, map_.fd(), 0);
	if (memory == MAP_FAILED)
		error_ = -errno;
	else
		memory_ = static_cast<u64*>(memory);
}

ring_answers::~ring_answers() {
	if (memory_)
		::munmap(memory_, answers_bytes);
}

ring_prog::ring_prog(const ring_script& script, int ring_fd, int answers_fd)
	: fd_(load_script(script, ring_fd, answers_fd)) {
	if (fd_ >= 0)
		owned_ = kernel_diff::owned_fd(static_cast<int>(fd_));
}

long ring_prog::run() const noexcept {
	static constexpr std::byte packet[64] = {};
	abi::test_run_attr attr{};
	attr.prog_fd = static_cast<u32>(owned_.get());
	attr.data_size_in = sizeof packet;
	attr.data_in = reinterpret_cast<std::uintptr_t>(packet);
	return kernel_diff::bpf_call(abi::prog_test_run, attr);
}

} // namespace maps_diff
