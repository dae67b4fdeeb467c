// SPDX-License-Identifier: MIT
#include "fault_collector.hpp"

#include <atomic>

namespace sockops::testing {

namespace {

thread_local std::vector<std::string>* messages = nullptr;
/// Who was told before the first collector.
std::atomic<bpf_fault_handler> others{nullptr};

void collect(const bpf_fault& fault) noexcept {
	if (messages)
		messages->push_back(fault.message);
	// F: acquire, pairs with install(): the handler was set before it is called.
	else if (const bpf_fault_handler other = others.load(std::memory_order_acquire))
		other(fault);
}

/// A handler has no context, and collectors come and go on several threads: so one handler stays, and knows
/// by the thread whether there is a collector.
void install() noexcept {
	const bpf_fault_handler before = set_bpf_fault_handler(collect);
	if (before != collect)
		others.store(before, std::memory_order_release); // F
}

} // namespace

fault_collector::fault_collector(std::vector<std::string>& into) noexcept : outer_(messages) {
	install();
	messages = &into;
}

fault_collector::~fault_collector() { messages = outer_; }

} // namespace sockops::testing
