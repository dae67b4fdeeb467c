// SPDX-License-Identifier: MIT
#include "kernel_program.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <sys/mman.h>

namespace isa {

namespace {

using namespace sockops;
namespace abi = kernel_diff::abi;

constexpr bpf_insn insn(unsigned code, u8 dst, u8 src, s16 off, s32 imm) {
	return {static_cast<u8>(code), dst, src, off, imm};
}
constexpr bpf_insn set(u8 dst, s32 value) {
	return insn(insn_class::alu64 | alu_op::mov | insn_source::k, dst, 0, 0, value);
}
constexpr bpf_insn exit_insn = insn(insn_class::jmp | jmp_op::exit, 0, 0, 0, 0);

void add_value_address(std::vector<bpf_insn>& to, u8 dst, int map_fd) {
	to.push_back(insn(ld_imm64::code, dst, ld_imm64::map_value, 0, map_fd));
	to.push_back(insn(0, 0, 0, 0, 0));
}

/// r1 and r2, as the instructions under test find them.
std::vector<bpf_insn> arguments(const shared_value& memory, std::size_t size) {
	std::vector<bpf_insn> code;
	if (size)
		add_value_address(code, 1, memory.fd());
	else
		code.push_back(set(1, 0));
	code.push_back(set(2, static_cast<s32>(size)));
	return code;
}

void add_call_and_result(std::vector<bpf_insn>& to, const shared_value& result) {
	to.push_back(insn(insn_class::jmp | jmp_op::call, 0, call_kind::subprogram, 0, 5));
	add_value_address(to, 1, result.fd());
	to.push_back(insn(insn_class::stx | insn_mode::mem | insn_size::dw, 1, 0, 0, 0));
	to.push_back(set(0, 0));
	to.push_back(exit_insn);
}

long load(std::span<const bpf_insn> insns, std::span<char> log) {
	constexpr u32 errors_without_states = 4;
	abi::prog_load_attr attr{};
	attr.prog_type = abi::sched_cls;
	attr.insn_cnt = static_cast<u32>(insns.size());
	attr.insns = reinterpret_cast<u64>(insns.data());
	attr.license = reinterpret_cast<u64>("MIT");
	attr.log_level = log.empty() ? 0 : errors_without_states;
	attr.log_size = static_cast<u32>(log.size());
	attr.log_buf = log.empty() ? 0 : reinterpret_cast<u64>(log.data());
	std::strcpy(attr.prog_name, "sockops_isa");
	return kernel_diff::bpf_call(abi::prog_load, attr);
}

/// The first line that says what is wrong: those that quote an instruction begin with its number.
std::string first_reason(const char* log) {
	std::string_view left(log);
	while (!left.empty()) {
		const std::string_view line = left.substr(0, left.find('\n'));
		left.remove_prefix(std::min(line.size() + 1, left.size()));
		const std::size_t digits = line.find_first_not_of("0123456789");
		const bool quotes = digits != 0 && digits != std::string_view::npos && line[digits] == ':';
		if (!line.empty() && !quotes && !line.starts_with("verification time") &&
			!line.starts_with("stack depth") && !line.starts_with("processed"))
			return std::string(line);
	}
	return "";
}

} // namespace

shared_value::shared_value(std::size_t size) : size_(std::max<std::size_t>(size, 8)) {
	abi::map_create_attr attr{abi::map_array, sizeof(u32), static_cast<u32>(size_), 1, abi::map_is_mmapable};
	if (size)
		attr.value_size = static_cast<u32>(size);
	const long fd = kernel_diff::bpf_call(abi::map_create, attr);
	if (fd < 0) {
		error_ = static_cast<int>(fd);
		return;
	}
	map_ = kernel_diff::owned_fd(static_cast<int>(fd));
	void* const mapped = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, map_.get(), 0);
	if (mapped == MAP_FAILED)
		error_ = -errno;
	else
		memory_ = static_cast<std::byte*>(mapped);
}

shared_value::~shared_value() {
	if (memory_)
		::munmap(memory_, size_);
}

kernel_program::kernel_program(std::span<const bpf_insn> insns, std::size_t memory_size, form as)
	: memory_(memory_size), result_(sizeof(u64)), memory_size_(memory_size), as_(as) {
	if (memory_.fd() < 0 || result_.fd() < 0) {
		refusal_ =
			std::string("a map cannot be made: ") + std::strerror(-std::min(memory_.fd(), result_.fd()));
		return;
	}
	std::vector<bpf_insn> code = arguments(memory_, memory_size);
	if (as == called)
		add_call_and_result(code, result_);
	code.insert(code.end(), insns.begin(), insns.end());
	if (const long fd = load(code, {}); fd >= 0) {
		prog_ = kernel_diff::owned_fd(static_cast<int>(fd));
		return;
	}
	std::vector<char> log(1 << 20);
	const long error = load(code, log);
	refusal_ = first_reason(log.data());
	if (refusal_.empty())
		refusal_ = std::strerror(static_cast<int>(-error));
}

u64 kernel_program::run(std::span<std::byte> memory) {
	std::copy(memory.begin(), memory.end(), memory_.bytes().begin());
	char frame[64] = {}; // SCHED_CLS programs are run for a frame
	abi::test_run_attr attr{};
	attr.prog_fd = static_cast<u32>(prog_.get());
	attr.data_in = reinterpret_cast<u64>(frame);
	attr.data_size_in = sizeof frame;
	if (const long error = kernel_diff::bpf_call(abi::prog_test_run, attr); error < 0) {
		std::fprintf(stderr, "BPF_PROG_RUN of a program that was loaded: %s\n",
					 std::strerror(static_cast<int>(-error)));
		std::abort();
	}
	std::copy_n(memory_.bytes().begin(), memory.size(), memory.begin());
	if (as_ == whole)
		return attr.retval;
	u64 r0;
	std::memcpy(&r0, result_.bytes().data(), sizeof r0);
	return r0;
}

std::string kernel_unusable() {
	const bpf_insn nothing[] = {set(0, 0), exit_insn};
	const kernel_program trial(nothing, 0, kernel_program::called);
	return trial.loaded() ? "" : "no SCHED_CLS program can be loaded: " + trial.refusal();
}

} // namespace isa
