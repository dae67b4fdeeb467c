// SPDX-License-Identifier: MIT
#include "verifier.hpp"

#include <cstring>
#include <vector>

namespace kernel_diff {

namespace {

long load(abi::prog_type type, std::span<const abi::insn> insns, const char* license,
		  std::span<char> log) noexcept {
	abi::prog_load_attr attr{};
	attr.prog_type = type;
	attr.insn_cnt = static_cast<std::uint32_t>(insns.size());
	attr.insns = reinterpret_cast<std::uint64_t>(insns.data());
	attr.license = reinterpret_cast<std::uint64_t>(license);
	if (!log.empty()) {
		attr.log_level = 1;
		attr.log_size = static_cast<std::uint32_t>(log.size());
		attr.log_buf = reinterpret_cast<std::uint64_t>(log.data());
	}
	return bpf_call(abi::prog_load, attr);
}

} // namespace

verdict verify(abi::prog_type type, std::span<const abi::insn> insns, const char* license) {
	std::vector<char> log(65'536);
	const long fd = load(type, insns, license, log);
	if (fd >= 0)
		owned_fd(static_cast<int>(fd)).close();
	return {fd >= 0 ? 0 : fd, log.data()};
}

long load_prog(abi::prog_type type, std::span<const abi::insn> insns, const char* license) noexcept {
	return load(type, insns, license, {});
}

std::string why_no_programs() {
	const abi::insn return_1[] = {{0xb7, 0, 0, 0, 1}, {0x95, 0, 0, 0, 0}};
	const verdict answer = verify(abi::sock_ops, return_1);
	return answer.error == 0
			   ? ""
			   : std::string("bpf(PROG_LOAD) answers: ") + std::strerror(static_cast<int>(-answer.error));
}

} // namespace kernel_diff
