// SPDX-License-Identifier: MIT
// Keeping every call of a net.

#include <sockops/testing/recorder.hpp>

#include <sockops/net/request_sock.hpp>

namespace sockops::testing {

namespace {

/// The last program that cleared one of `flags` of the call's socket, before the call; in words.
std::string who_cleared(const std::vector<recorded_call>& calls, std::size_t index, u8 flags) {
	for (std::size_t at = index; at-- != 0;) {
		if (calls[at].sk != calls[index].sk)
			continue;
		for (auto step = calls[at].steps.rbegin(); step != calls[at].steps.rend(); ++step)
			if (step->before.cb_flags & ~step->after.cb_flags & flags)
				return std::string(step->prog->name ? step->prog->name : "?") + " cleared it in " +
					   op_name(calls[at].op) + ", " + std::to_string(calls[at].time_ns / 1000) + " us.\n";
	}
	return "No recorded call has set and cleared it.\n";
}

} // namespace

recorder::recorder(net& in, bool with_withheld) : with_withheld_(with_withheld), watching_(in, *this) {}

recorder::~recorder() {
	for (const auto& [seen, held] : cgroups_)
		cgroup_put(*held);
}

void recorder::name(const sock_common& sk, std::string called) {
	std::lock_guard held(lock_);
	names_[&sk] = std::move(called);
}

std::vector<const recorded_call*> recorder::calls_of(std::string_view socket) const {
	std::vector<const recorded_call*> of;
	for (const recorded_call& call : calls_)
		if (socket.empty() || call.socket == socket)
			of.push_back(&call);
	return of;
}

std::string recorder::text(std::string_view socket) const {
	std::string all;
	for (const recorded_call* call : calls_of(socket))
		if (call->fate != trace_fate::withheld)
			all.append(all.empty() ? "" : " ").append(call_text(*call));
	return all;
}

std::string recorder::explain(std::size_t index) const {
	const recorded_call& call = calls_.at(index);
	std::string words = sockops::explain(call);
	for (const spoiled& each : call.spoiled)
		if (each.what == spoil::taken_flags && words.find(each.text) == words.npos)
			words += each.text + ".\n";
	if (call.fate == trace_fate::withheld)
		words += who_cleared(calls_, index, op_table[call.op].gate);
	return words;
}

void recorder::called(const trace_call& call) { keep(call); }

void recorder::withheld(const trace_call& call) {
	if (with_withheld_)
		keep(call);
}

void recorder::keep(const trace_call& call) {
	std::lock_guard held(lock_);
	for (const trace_step& step : call.steps) {
		auto& program = programs_[step.prog];
		if (!program && step.prog != &bpf_dummy_prog) {
			auto* const mine = const_cast<bpf_prog*>(step.prog); // to count a reference
			bpf_prog_inc(mine);
			program = bpf_prog_ptr::adopt(mine);
		}
	}
	if (call.cgrp && !cgroups_.contains(call.cgrp)) {
		auto* const mine = const_cast<cgroup*>(call.cgrp);
		cgroup_get(*mine);
		cgroups_.emplace(call.cgrp, mine);
	}
	auto name = names_.find(call.sk);
	if (name == names_.end() && call.state == TCP_NEW_SYN_RECV)
		name = names_.find(static_cast<const request_sock*>(call.sk)->rsk_listener);
	calls_.push_back({call, name == names_.end() ? std::string() : name->second, watch_.called(call)});
}

} // namespace sockops::testing
