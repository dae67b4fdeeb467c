// SPDX-License-Identifier: MIT
#include "bpf_calls.hpp"

#include <cerrno>
#include <cstring>

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace kernel_diff {

namespace {

constexpr std::size_t log_bytes = 4096;
constexpr std::uint32_t log_data = sizeof(std::uint32_t); // entries follow the count

enum reg : std::uint8_t { r0, r1, r2, r3 };

// The instructions used, by their opcode.
constexpr abi::insn load_imm(reg dst, std::int32_t value) { return {0xb7, dst, 0, 0, value}; }
constexpr abi::insn copy(reg dst, reg src) { return {0xbf, dst, src, 0, 0}; }
constexpr abi::insn add_imm(reg dst, std::int32_t value) { return {0x07, dst, 0, 0, value}; }
constexpr abi::insn add(reg dst, reg src) { return {0x0f, dst, src, 0, 0}; }
constexpr abi::insn load_u32(reg dst, reg base) { return {0x61, dst, base, 0, 0}; }
constexpr abi::insn store_u32(reg base, reg src) { return {0x63, base, src, 0, 0}; }
constexpr abi::insn store_byte(reg base, std::int16_t off, std::int32_t value) {
	return {0x72, base, 0, off, value};
}
constexpr abi::insn skip_if_above(reg left, std::int32_t right, std::int16_t count) {
	return {0x25, left, 0, count, right};
}
constexpr abi::insn exit_insn() { return {0x95, 0, 0, 0, 0}; }
constexpr std::uint8_t load_u64_imm = 0x18, is_map_value = 2;

long load(abi::prog_type type, std::span<const abi::insn> insns) noexcept {
	abi::prog_load_attr attr{};
	attr.prog_type = type;
	attr.insn_cnt = static_cast<std::uint32_t>(insns.size());
	attr.insns = reinterpret_cast<std::uint64_t>(insns.data());
	attr.license = reinterpret_cast<std::uint64_t>("MIT");
	std::strcpy(attr.prog_name, "sockops_test");
	return bpf_call(abi::prog_load, attr);
}

template <class Info>
Info get_info(int fd) noexcept {
	Info info{};
	abi::info_attr attr{static_cast<std::uint32_t>(fd), sizeof(info), reinterpret_cast<std::uint64_t>(&info)};
	return bpf_call(abi::obj_get_info_by_fd, attr) < 0 ? Info{} : info;
}

} // namespace

long bpf_call(abi::command command, void* attr, std::size_t size) noexcept {
	const long result = ::syscall(__NR_bpf, command, attr, size);
	return result < 0 ? -errno : result;
}

void owned_fd::close() noexcept {
	if (fd_ >= 0)
		::close(fd_);
	fd_ = -1;
}

run_log::run_log() {
	abi::map_create_attr attr{abi::map_array, sizeof(std::uint32_t), log_bytes, 1, abi::map_is_mmapable};
	const long fd = bpf_call(abi::map_create, attr);
	if (fd < 0) {
		error_ = static_cast<int>(fd);
		return;
	}
	map_ = owned_fd(static_cast<int>(fd));
	memory_ = ::mmap(nullptr, log_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, map_.get(), 0);
	if (memory_ == MAP_FAILED) {
		error_ = -errno;
		memory_ = nullptr;
	}
}

run_log::~run_log() {
	if (memory_)
		::munmap(memory_, log_bytes);
}

void run_log::clear() noexcept { std::memset(memory_, 0, sizeof(std::uint32_t)); }

std::span<const std::uint8_t> run_log::entries() const noexcept {
	std::uint32_t count;
	std::memcpy(&count, memory_, sizeof(count));
	return {static_cast<const std::uint8_t*>(memory_) + log_data, count};
}

long load_logging_prog(int log_fd, std::uint8_t number) noexcept {
	const abi::insn insns[] = {
		{load_u64_imm, r1, is_map_value, 0, log_fd},
		{0, 0, 0, 0, 0},
		load_u32(r2, r1),
		skip_if_above(r2, run_log::capacity, 5),
		copy(r3, r2),
		add_imm(r3, 1),
		store_u32(r1, r3),
		add(r1, r2),
		store_byte(r1, log_data, number),
		load_imm(r0, 1),
		exit_insn(),
	};
	return load(abi::sock_ops, insns);
}

long load_other_type_prog() noexcept {
	const abi::insn insns[] = {load_imm(r0, 0), exit_insn()};
	return load(abi::socket_filter, insns);
}

abi::prog_info get_prog_info(int fd) noexcept { return get_info<abi::prog_info>(fd); }
abi::link_info get_link_info(int fd) noexcept { return get_info<abi::link_info>(fd); }

} // namespace kernel_diff
