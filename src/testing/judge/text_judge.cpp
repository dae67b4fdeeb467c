// SPDX-License-Identifier: MIT
// Puts together what belongs to an interval, and judges its lines when it is over.

#include <sockops/testing/text_test.hpp>

#include <algorithm>
#include <set>
#include <utility>

#include <sockops/trace/explain.hpp>
#include <sockops/vm/prog_load.hpp>

#include "judging.hpp"
#include "records.hpp"

namespace sockops::testing {

using namespace text;

struct text_judge::state {
	state(const timeline& of, object_set& those)
		: what(of), objects(those), name_of([this](const bpf_prog& program) {
			  const auto [at, is_new] = program_names.try_emplace(&program);
			  if (is_new)
				  at->second = objects.name_of(program);
			  return at->second;
		  }),
		  watch(name_of), records(those, of.settings.objects.records) {
		for (const timeline_event& event : what.events)
			if (event.fire && !event.fire->name.empty())
				words.declare(event.fire->name);
		check_all();
		take_records = [this] { return records.take(); };
	}

	void check_all() const;
	void add_call(judged_call&& seen, u64 time_ns);
	void take_options(judged_call& seen);
	void add_trouble(bool is_finding, const bpf_prog& prog, u32 insn, const std::string& message);
	void close();
	mismatch judge(const statement& line);
	mismatch judge_trouble(const about_trouble& line);
	void fail(const timeline_statement& line, mismatch&& why);
	void fail_unexpected();

	const timeline& what;
	object_set& objects;
	std::map<const bpf_prog*, std::string> program_names;
	program_namer name_of;
	spoil_watch watch;
	names words;
	record_reader records;
	std::function<std::vector<text_record>()> take_records;

	struct pending_option {
		const sock_common* sk;
		option_call call;
		std::optional<spoiled> taken;
	};
	std::vector<pending_option> options; ///< since the last call ended
	std::vector<std::string> printk, stopped, found;
	seen_interval now;
	earlier_calls earlier;

	std::vector<text_failure> failures;
	std::set<std::string> told; ///< of what nobody expects
	std::vector<std::string> faults, findings;
	std::size_t expectations = 0, calls = 0;
	std::string trace;
};

void text_judge::state::check_all() const {
	names checking = words;
	checking.only_check();
	for (const timeline_event& event : what.events)
		for (const timeline_statement& line : event.statements)
			try {
				check_names(*line.what, objects, checking, records);
			} catch (const object_error& wrong) {
				throw timeline_error(line.line, line.text, wrong.what());
			} catch (const unknown_word& wrong) {
				throw timeline_error(line.line, line.text, wrong.what());
			}
}

/// A call that an option has caused ends before the one in which the option is set.
void text_judge::state::take_options(judged_call& seen) {
	std::erase_if(options, [&](pending_option& each) {
		const bool mine = each.call.op == seen.call().op && each.sk == seen.call().sk;
		if (mine) {
			seen.what.options_set.push_back(std::move(each.call));
			if (each.taken)
				seen.what.spoiled.push_back(*std::move(each.taken));
		}
		return mine;
	});
}

void text_judge::state::add_call(judged_call&& seen, u64 time_ns) {
	seen.records = take_records();
	calls += !seen.call().steps.empty();
	trace.append(std::to_string(time_ns))
		.append(" ")
		.append(seen.who ? side_name(*seen.who) : "fired")
		.append(": ")
		.append(call_text(seen.call()))
		.append("\n")
		.append(explain(seen.what));
	for (const text_record& each : seen.records)
		trace.append("record of ").append(each.map).append(": ").append(each.value.text()).append("\n");
	now.calls.push_back(std::move(seen));
}

void text_judge::state::add_trouble(bool is_finding, const bpf_prog& prog, u32 insn,
									const std::string& message) {
	(is_finding ? findings : faults).push_back(message);
	const bpf_source_line at = bpf_prog_line(prog, insn);
	now.trouble.push_back({is_finding, message, at.file, at.line});
}

mismatch text_judge::state::judge_trouble(const about_trouble& line) {
	const std::string part = unquoted(line.part);
	bool any = false;
	for (seen_trouble& each : now.trouble)
		if (line.is_finding == each.is_finding && each.message.find(part) != part.npos)
			any = each.is_expected = true; // as often as it comes
	if (any)
		return {};
	return {line.is_finding ? "seen      no such finding\n" : "seen      no program that was stopped so\n"};
}

mismatch text_judge::state::judge(const statement& line) {
	const known of{words, name_of, earlier};
	if (const auto* const calls_line = std::get_if<about_calls>(&line.what))
		return judge_calls(*calls_line, now, of);
	if (const auto* const map = std::get_if<about_map>(&line.what))
		return judge_map(*map, objects, words);
	if (const auto* const global = std::get_if<about_global>(&line.what))
		return judge_global(*global, objects, words);
	if (const auto* const some = std::get_if<about_records>(&line.what))
		return judge_records(*some, now, of);
	if (const auto* const lines = std::get_if<about_printk>(&line.what))
		return judge_printk(*lines, now);
	if (const auto* const spoils = std::get_if<about_spoils>(&line.what))
		return judge_spoils(*spoils, now);
	if (const auto* const trouble = std::get_if<about_trouble>(&line.what))
		return judge_trouble(*trouble);
	const auto& one = std::get<variable>(line.what);
	if (const std::optional<s64> value = words.number(one.value))
		words.let(one.name, std::to_string(*value));
	return {};
}

void text_judge::state::fail(const timeline_statement& line, mismatch&& why) {
	text_failure failed{text_failure::cause::expectation, line.line, line.text, std::move(why.text), {}, 0};
	if (why.program && is_interpreted(*why.program)) {
		const bpf_source_line begin = bpf_prog_line(*why.program, 0);
		failed.source_file = begin.file;
		failed.source_line = begin.line;
	}
	failures.push_back(std::move(failed));
}

/// Once for what comes again and again.
void text_judge::state::fail_unexpected() {
	for (const seen_trouble& each : now.trouble) {
		if (each.is_expected || !told.insert(each.message).second)
			continue;
		const char* const says = each.is_finding ? "a program read what nobody had written, after '"
												 : "a program was stopped after '";
		failures.push_back({each.is_finding ? text_failure::cause::finding : text_failure::cause::stopped,
							now.event->line, "", says + now.event->text + "': " + each.message + "\n",
							each.source_file, each.source_line});
	}
}

void text_judge::state::close() {
	if (!now.event)
		return;
	for (const timeline_statement& line : now.event->statements) {
		expectations += !std::holds_alternative<variable>(line.what->what);
		mismatch why;
		try {
			why = judge(*line.what);
		} catch (const std::exception& wrong) { // a word, a value; whatever it is, it is this line's failure
			why = {std::string(wrong.what()) + "\n"};
		}
		if (!why.text.empty())
			fail(line, std::move(why));
	}
	fail_unexpected();
	for (const judged_call& each : now.calls)
		earlier.insert_or_assign({each.who, each.call().op}, now.event->text);
	now = {};
}

text_judge::text_judge(const timeline& what, object_set& objects)
	: state_(std::make_unique<state>(what, objects)) {}
text_judge::~text_judge() = default;

void text_judge::take_records_from(std::function<std::vector<text_record>()> source) {
	state_->take_records = std::move(source);
}

void text_judge::event(u64, const timeline_event& what) {
	state_->close();
	state_->now.event = &what;
	state_->trace.append(what.text).append("\n");
	for (const auto& expected : what.expect)
		state_->expectations += expected.has_value();
}

void text_judge::called(side who, u64 time_ns, const trace_call& call) {
	state_->words.saw(who, call);
	judged_call seen{who, {}};
	seen.what.call = call;
	seen.what.reply = call.result;
	seen.what.allowed = call.denied_by() == nullptr;
	seen.what.spoiled = state_->watch.called(call);
	state_->take_options(seen);
	seen.what.printk = std::exchange(state_->printk, {});
	seen.what.faults = std::exchange(state_->stopped, {});
	seen.what.findings = std::exchange(state_->found, {});
	state_->add_call(std::move(seen), time_ns);
}

void text_judge::withheld(side who, u64, const trace_call& call) {
	state_->words.saw(who, call);
	judged_call seen{who, {}};
	seen.what.call = call;
	state_->now.withheld.push_back(std::move(seen));
}

void text_judge::fired(u64 time_ns, const fired_op& what) {
	const std::string& name = what.event.fire->name;
	if (!name.empty())
		state_->words.made(name, what.on);
	judged_call seen{std::nullopt, what.answer};
	seen.what.spoiled = state_->watch.called(what.answer.call);
	for (const option_call& each : what.answer.options_set)
		if (std::optional<spoiled> taken = spoiled_by(state_->watch, what.on, each))
			seen.what.spoiled.push_back(*std::move(taken));
	for (const bpf_fault& each : what.faults)
		state_->add_trouble(false, *each.prog, each.insn, each.message);
	for (const bpf_finding& each : what.findings)
		state_->add_trouble(true, *each.prog, each.insn, each.message);
	state_->add_call(std::move(seen), time_ns);
}

void text_judge::ended(u64) { state_->close(); }

void text_judge::option_set(side, u64, const sock_common& sk, const option_call& what) {
	state_->options.push_back({&sk, what, spoiled_by(state_->watch, sk, what)});
}

void text_judge::freed(side, u64, const sock_common& sk) {
	state_->watch.forget(sk);
	state_->words.forget(sk);
}

bool text_judge::printk(side, u64, const char* text) {
	state_->printk.emplace_back(text);
	return true;
}

bool text_judge::fault(side, u64, const bpf_fault& what) {
	state_->stopped.push_back(what.message);
	state_->add_trouble(false, *what.prog, what.insn, what.message);
	return true;
}

bool text_judge::found(side, u64, const bpf_finding& what) {
	state_->found.push_back(what.message);
	state_->add_trouble(true, *what.prog, what.insn, what.message);
	return true;
}

namespace {
/// The calls that are expected below a line, as they are written.
std::string line_of_calls(const timeline& of, const difference& which) {
	std::string text = std::string(side_name(which.who)) + ":";
	for (const timeline_event& event : of.events) {
		const auto& expected = event.expect[static_cast<std::size_t>(which.who)];
		if (!expected || expected->line != which.line)
			continue;
		for (const expected_call& each : expected->calls)
			text.append(" ").append(each.text);
		return expected->calls.empty() ? text.append(" nothing") : text;
	}
	return text;
}
} // namespace

std::vector<text_failure> text_judge::failures(const played& result) const {
	std::vector<text_failure> all = state_->failures;
	for (const difference& each : result.differences)
		all.push_back({text_failure::cause::expectation,
					   each.line,
					   line_of_calls(state_->what, each),
					   each.what + "\n",
					   {},
					   0});
	std::ranges::stable_sort(all, {}, &text_failure::line);
	return all;
}

std::size_t text_judge::expectations() const noexcept { return state_->expectations; }
std::size_t text_judge::calls() const noexcept { return state_->calls; }
const std::vector<std::string>& text_judge::faults() const noexcept { return state_->faults; }
const std::vector<std::string>& text_judge::findings() const noexcept { return state_->findings; }
const std::string& text_judge::trace() const noexcept { return state_->trace; }

} // namespace sockops::testing
