// SPDX-License-Identifier: MIT
#include "reporter.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sockops/trace/call_text.hpp>
#include <sockops/vm/prog_load.hpp>

#include "../../object/object_files.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::testing;

namespace {

/// "tune: instruction 7 (tuple.bpf.c:31)"
std::string place_text(const std::string& program, u32 insn, const bpf_source_line& at) {
	std::string text = program;
	text.append(": instruction ").append(std::to_string(insn));
	if (at.line != 0)
		text.append(" (")
			.append(object::file_name(at.file))
			.append(":")
			.append(std::to_string(at.line))
			.append(")");
	return text;
}

} // namespace

std::size_t run_end::lost_replies() const noexcept {
	std::size_t lost = 0;
	for (const spoil_count& each : spoiled)
		if (each.first.what == spoil::discarded_reply || each.first.what == spoil::replaced_reply)
			lost += each.count;
	return lost;
}

reporter::reporter(object_set& objects, map_watches& maps, output& to, const arguments& with)
	: maps_(maps), to_(to), fail_if_(with.fail_if), judges_trouble_(!with.keep_going && !with.expect),
	  fail_if_denied_(with.fail_if_denied), name_of_([this, &objects](const bpf_prog& program) {
		  const auto [at, is_new] = names_.try_emplace(&program);
		  if (is_new)
			  at->second = objects.name_of(program);
		  return at->second;
	  }),
	  watch_(name_of_) {}

void reporter::event(u64 time_ns, const timeline_event& what) {
	last_event_ns_ = time_ns;
	to_.event(time_ns, what.text.substr(what.text.find_first_not_of(" \t", what.text.find_first_of(" \t"))));
}

void reporter::called(side who, u64 time_ns, const trace_call& call) {
	records_.clear();
	sockets_.saw(who, call);
	if (call.steps.empty())
		return;
	run_call seen{who, time_ns, call, name_of_};
	seen.spoiled = watch_.called(call);
	take_options(seen);
	seen.printk = std::exchange(printk_, {});
	complete(seen, call.is_fullsock ? const_cast<sock*>(static_cast<const sock*>(call.sk)) : nullptr);
}

/// All that there is of it stands in the answer.
void reporter::fired(u64 time_ns, const fired_op& what) {
	records_.clear();
	for (const bpf_fault& each : what.faults)
		stopped(each);
	for (const bpf_finding& each : what.findings)
		found_by(std::nullopt, time_ns, each);
	if (what.answer.call.steps.empty())
		return;
	run_call seen{std::nullopt, time_ns, what.answer.call, name_of_};
	seen.options = what.answer.options_set;
	seen.spoiled = what.answer.spoiled;
	seen.printk = what.answer.printk;
	if (!what.answer.withheld.empty())
		seen.hints.push_back("no stack would have called it: " + what.answer.withheld);
	complete(seen, sk_fullsock(&what.on) ? static_cast<sock*>(&what.on) : nullptr);
}

/// With what the maps have to tell.
void reporter::complete(run_call& seen, sock* sk) {
	for (const option_call& each : seen.options)
		add_hint(each, seen.hints);
	seen.faults = std::exchange(faults_, {});
	seen.stopped = std::exchange(stopped_, {});
	seen.findings = std::exchange(findings_, {});
	seen.changes = maps_.changes(sk, sockets_);
	records_ = maps_.records();
	seen.records = records_;
	count(seen);
	to_.call(seen);
}

/// A call that an option has caused ends before the one in which the option is set.
void reporter::take_options(run_call& seen) {
	std::erase_if(options_, [&](set_option& each) {
		const bool mine = each.call.op == seen.call.op;
		if (mine) {
			seen.options.push_back(std::move(each.call));
			if (each.spoiled)
				seen.spoiled.push_back(*std::move(each.spoiled));
		}
		return mine;
	});
}

/// Once for each name.
void reporter::add_hint(const option_call& option, std::vector<std::string>& to) {
	const std::string name = option.result == -ENOENT ? option.string() : "";
	if (option.name() != "TCP_CONGESTION" || name.empty() || !missing_controls_.insert(name).second)
		return;
	to.push_back("there is no '" + name + "' here: --congestion " + name +
				 " or, in the timeline, 'congestion_control " + name + "' declares it");
}

void reporter::count(const run_call& seen) {
	++end_.calls;
	end_.denied += seen.call.denied_by() != nullptr;
	note_denials(seen);
	for (const spoiled& each : seen.spoiled) {
		const auto same = std::find_if(end_.spoiled.begin(), end_.spoiled.end(), [&](const spoil_count& old) {
			return old.op == seen.call.op && old.first.what == each.what && old.first.of == each.of &&
				   old.first.by == each.by;
		});
		if (same != end_.spoiled.end()) {
			++same->count;
			continue;
		}
		end_.spoiled.push_back({each, 1, seen.time_ns, seen.who, seen.call.op});
		if (std::ranges::find(fail_if_, each.what) != fail_if_.end())
			fail(seen, each);
	}
}

void reporter::note_denials(const run_call& seen) {
	for (const trace_step& step : seen.call.steps)
		if (step.ret == 0 && std::ranges::find(seen.stopped, step.prog) == seen.stopped.end()) {
			const std::string name = name_of_(*step.prog);
			++end_.denials[name];
			deniers_.try_emplace(name, bpf_prog_line(*step.prog, 0));
		}
}

run_end reporter::take_end() {
	for (const auto& [name, begin] : deniers_)
		end_.failures.push_back({"a program denies",
								 name + " returned 0 in " + std::to_string(end_.denials[name]) + " of " +
									 std::to_string(end_.calls) +
									 " callbacks: what any program replies in them is thrown away",
								 begin.file, begin.line, "", fail_if_denied_});
	return std::move(end_);
}

/// Its place is where the program begins that did it.
void reporter::fail(const run_call& seen, const spoiled& by) {
	std::string title = spoil_name(by.what);
	std::ranges::replace(title, '_', ' ');
	failure found{title, std::string(short_op_name(seen.call.op)).append(": ").append(by.text)};
	for (const trace_step& step : seen.call.steps)
		if (std::ranges::find(by.by, name_of_(*step.prog)) != by.by.end()) {
			const bpf_source_line begin = bpf_prog_line(*step.prog, 0);
			found.file = begin.file;
			found.line = begin.line;
		}
	end_.failures.push_back(std::move(found));
}

void reporter::withheld(side, u64, const trace_call& call) {
	++end_.withheld[std::string(short_op_name(call.op))];
}
void reporter::option_set(side, u64, const sock_common& sk, const option_call& what) {
	options_.push_back({what, spoiled_by(watch_, sk, what)});
}
void reporter::freed(side, u64, const sock_common& sk) {
	maps_.forget(sk);
	watch_.forget(sk);
	sockets_.forget(sk);
}
bool reporter::printk(side, u64, const char* text) {
	printk_.emplace_back(text);
	return true;
}
void reporter::stopped(const bpf_fault& what) {
	faults_.push_back(what.message);
	stopped_.push_back(what.prog);
	if (!judges_trouble_ || !stopped_at_.emplace(what.prog, what.insn).second)
		return;
	const bpf_source_line at = bpf_prog_line(*what.prog, what.insn);
	end_.failures.push_back({"a program was stopped", what.message, at.file, at.line, keep_going_remedy});
}
bool reporter::fault(side, u64, const bpf_fault& what) {
	stopped(what);
	return true;
}

void reporter::found_by(std::optional<side> who, u64 time_ns, const bpf_finding& what) {
	const auto [known, is_new] =
		found_at_.try_emplace({what.prog, what.insn, what.message}, end_.findings.size());
	const bpf_source_line at = bpf_prog_line(*what.prog, what.insn);
	if (!is_new) {
		++end_.findings[known->second].count;
		findings_.push_back({what.message, place_text(name_of_(*what.prog), what.insn, at)});
		return;
	}
	findings_.push_back({what.message, ""});
	end_.findings.push_back({name_of_(*what.prog), what.message, at, 1, time_ns, who});
	if (judges_trouble_)
		end_.failures.push_back(
			{"bytes that nobody wrote", what.message, at.file, at.line, keep_going_remedy});
}
bool reporter::found(side who, u64 time_ns, const bpf_finding& what) {
	found_by(who, time_ns, what);
	return true;
}

} // namespace sockops_run
