// SPDX-License-Identifier: MIT
#include <sockops/vm/raw_run.hpp>

#include <sockops/net/net.hpp>

#include "loading.hpp"
#include "machine.hpp"

namespace sockops {

raw_run_result bpf_raw_run(std::span<const bpf_insn> insns, std::span<std::byte> memory) {
	bpf_load_error why;
	const std::unique_ptr<vm::ebpf_prog> prog = vm::load({.name = {}, .insns = insns}, true, why);
	if (!prog)
		return {false, 0, why.message};
	net in;
	tcp_sock nobodys;
	nobodys.skc_net = &in;
	bpf_sock_ops_kern without_context{};
	without_context.sk = &nobodys;
	vm::machine m(*prog, nullptr);
	m.asks = &without_context;
	if (!memory.empty())
		m.grant_memory(memory.data(), memory.size(), "the memory of the run");
	m.regs[1] = reinterpret_cast<std::uintptr_t>(memory.data());
	m.regs[2] = memory.size();
	const u64 r0 = m.run(prog->steps.data());
	return {!m.faulted, r0, m.faulted ? prog->last_fault : std::string()};
}

} // namespace sockops
