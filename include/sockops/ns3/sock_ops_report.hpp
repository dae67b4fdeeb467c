// SPDX-License-Identifier: MIT
// What went wrong with the programs of a simulation: each kind counted, the first of each with its time and
// place; told by the log as it happens, by a summary, and by an exit status.
//
//   SockOps: 1 kind of trouble in 12 calls of programs, 6 of them denied
//     discarded reply, 2 times, first at 1.000000 s, node 0, 10.0.0.1:49153 > 10.0.0.2:80, TIMEOUT_INIT:
//       gate returned 0: the reply 50 of fast_syn is discarded, 1 s is used (in ns-3: the socket's
//       ConnTimeout)
//
// Wrong is what its author cannot have meant:
//
//   a program was stopped, depended on bytes that nobody had written, or lost a record
//   a program took from another one what that had done (trace/spoiled.hpp), or threw away its own reply
//   an option was refused that Linux takes: ns-3 has nothing to set it in, or no such congestion control
//
// It is not wrong that a program returns 0, or that an option is refused which Linux refuses too.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/sock_ops_log.hpp>

#include <algorithm>
#include <cerrno>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <sockops/bpf/bpf_fault.hpp>
#include <sockops/bpf/bpf_finding.hpp>
#include <sockops/net/observer.hpp>
#include <sockops/ns3/sock_ops_space.hpp>
#include <sockops/trace/explain.hpp>
#include <sockops/trace/option_call.hpp>
#include <sockops/trace/spoiled.hpp>

namespace ns3 {

class SockOpsReport final : public sockops::net_observer {
  public:
	/// Of the space that keeps it.
	explicit SockOpsReport(SockOpsSpace& space) : m_space(space), m_spoils(NameOf()) {
		space.WhenFreed([this](const sockops::sock_common& sk) { m_spoils.forget(sk); });
	}

	/// A kind of trouble.
	struct Trouble {
		std::string what; ///< "discarded reply"
		uint64_t times;
		std::string first; ///< when, where and how
	};
	/// In the order of their first times.
	const std::vector<Trouble>& GetTroubles() const { return m_troubles; }
	/// Has anything gone wrong?
	bool HasFailed() const { return !m_troubles.empty(); }

	/// All that was counted. What was printed is not printed again by Simulator::Destroy().
	void PrintSummary(std::ostream& to) {
		m_told = m_times;
		to << "SockOps: "
		   << (m_troubles.empty() ? std::string("nothing went wrong")
								  : Count(m_troubles.size(), "kind", " of trouble"))
		   << " in " << Count(m_calls, "call") << " of programs, " << m_denied << " of them denied\n";
		for (const Trouble& each : m_troubles)
			to << "  " << each.what << ", " << Count(each.times, "time") << ", first at " << each.first
			   << '\n';
	}

	/// Who calls programs as their objects do: programs of several may have one name.
	void SetNames(sockops::program_namer names) { m_names = std::move(names); }
	/// Records of a map for which there was no room, in a call on this socket.
	void RecordsLost(const std::string& map, uint64_t count, const sockops::sock_common* sk) {
		Tell(LOG_ERROR, {"lost record", map},
			 SockOpsPlace(sk) + ": map '" + map + "' had no room for " + Count(count, "record") +
				 ": make it larger",
			 count);
	}

	void called(const sockops::trace_call& call) override;
	void option_set(const sockops::set_option& what) override;
	bool fault(const sockops::bpf_fault& what) override {
		m_pending.push_back({what.prog, what.insn, "stopped program", what.message});
		return true;
	}
	bool finding(const sockops::bpf_finding& what) override {
		m_pending.push_back({what.prog, what.insn, "bytes that nobody wrote", what.message});
		return true;
	}

  private:
	using Key = std::vector<std::string>; ///< the first: what is wrong

	/// What a program did, until its call is over and so it is known on which socket.
	struct Pending {
		const sockops::bpf_prog* prog;
		uint32_t insn;
		const char* what;
		std::string message;
	};

	static std::string Count(uint64_t count, const char* one, const char* more = "") {
		return std::to_string(count) + " " + one + (count == 1 ? "" : "s") + more;
	}
	sockops::program_namer NameOf() {
		return [this](const sockops::bpf_prog& prog) -> std::string {
			return m_names ? m_names(prog) : prog.name ? prog.name : "?";
		};
	}
	static std::string PlaceOf(const sockops::trace_call& call) {
		return SockOpsPlace(call.sk) + ", " + sockops::call_text(call);
	}

	/// Where Linux uses its 1 s, ns-3 uses what the script has set.
	static const char* InNs3(const sockops::trace_call& call, const sockops::spoiled& what) {
		const bool reply =
			what.what == sockops::spoil::discarded_reply || what.what == sockops::spoil::replaced_reply;
		return reply && call.op == sockops::BPF_SOCK_OPS_TIMEOUT_INIT && call.result <= 0
				   ? " (in ns-3: the socket's ConnTimeout)"
				   : "";
	}

	void Log(const sockops::trace_call& call) const;
	void TellPending(const sockops::trace_call& call);
	void TellSpoils(const sockops::trace_call& call);
	void Tell(LogLevel level, Key key, std::string text, uint64_t times = 1);
	void PrintAtDestroy();

	SockOpsSpace& m_space;
	sockops::program_namer m_names;
	sockops::spoil_watch m_spoils;
	std::vector<Pending> m_pending;
	std::vector<std::pair<const sockops::sock_common*, sockops::option_call>>
		m_options; ///< of calls not over
	std::vector<Trouble> m_troubles;
	std::map<Key, std::size_t> m_known; ///< the place in m_troubles
	uint64_t m_calls = 0, m_denied = 0; ///< in which programs ran; in which one returned 0
	uint64_t m_times = 0, m_told = 0;   ///< of all troubles; as the last summary had it
	bool m_scheduled = false;
};

inline void SockOpsReport::called(const sockops::trace_call& call) {
	if (call.steps.empty())
		return;
	++m_calls;
	m_denied += call.denied_by() != nullptr;
	Log(call);
	if (!m_pending.empty())
		TellPending(call);
	TellSpoils(call);
}

inline void SockOpsReport::Log(const sockops::trace_call& call) const {
	SockOpsLog(LOG_INFO, [&] {
		const sockops::bpf_prog *answered = call.answered_by(), *denied = call.denied_by();
		std::string text = PlaceOf(call) + ": ";
		if (answered)
			return text + std::to_string(call.result) + " by " + m_spoils.name_of(*answered);
		return text + (denied ? "denied by " + m_spoils.name_of(*denied)
							  : Count(call.steps.size(), "program") + " ran");
	});
	SockOpsLog(LOG_LOGIC, [&] { return SockOpsPlace(call.sk) + ": " + sockops::explain(call); });
}

/// A call in which another one is nested ends after it.
inline void SockOpsReport::TellPending(const sockops::trace_call& call) {
	const auto ran = [&](const Pending& it) {
		return std::any_of(call.steps.begin(), call.steps.end(),
						   [&](const sockops::trace_step& step) { return step.prog == it.prog; });
	};
	for (const Pending& each : m_pending)
		if (ran(each))
			Tell(LOG_ERROR, {each.what, m_spoils.name_of(*each.prog), std::to_string(each.insn)},
				 PlaceOf(call) + ": " + each.message);
	m_pending.erase(std::remove_if(m_pending.begin(), m_pending.end(), ran), m_pending.end());
}

/// A program that is alone takes from nobody, and is not watched: it costs nothing. What it replied and threw
/// away stands in the call itself.
inline void SockOpsReport::TellSpoils(const sockops::trace_call& call) {
	std::vector<sockops::spoiled> found;
	if (call.steps.size() > 1)
		found = m_spoils.called(call);
	else if (call.steps[0].ret == 0)
		found = sockops::spoiled_in(call, NameOf());
	const auto mine = [&](const auto& option) {
		return option.first == call.sk && option.second.op == call.op;
	};
	for (const auto& option : m_options)
		if (mine(option) && call.steps.size() > 1)
			if (auto taken = sockops::spoiled_by(m_spoils, *call.sk, option.second))
				found.push_back(*std::move(taken));
	m_options.erase(std::remove_if(m_options.begin(), m_options.end(), mine), m_options.end());
	if (!call.is_fullsock) // a request goes without a word
		m_spoils.forget(*call.sk);
	for (const sockops::spoiled& each : found) {
		std::string what = sockops::spoil_name(each.what);
		std::replace(what.begin(), what.end(), '_', ' ');
		Key key{what, std::to_string(call.op)};
		key.insert(key.end(), each.of.begin(), each.of.end());
		key.push_back(">");
		key.insert(key.end(), each.by.begin(), each.by.end());
		Tell(LOG_WARN, std::move(key), PlaceOf(call) + ": " + each.text + InNs3(call, each));
	}
}

/// Of ns-3 alone are -ENOPROTOOPT, an unknown congestion control, and flags for header options.
inline void SockOpsReport::option_set(const sockops::set_option& what) {
	const sockops::option_call option = sockops::make_option_call(what);
	if (what.result == 0) {
		m_options.emplace_back(&what.sk, option);
		return;
	}
	using namespace sockops;
	const bool congestion = option.level == sol::tcp && option.optname == tcp_option::congestion;
	const bool flags = option.level == sol::tcp && option.optname == TCP_BPF_SOCK_OPS_CB_FLAGS &&
					   (option.number() & ~int{BPF_SOCK_OPS_ALL_CB_FLAGS}) == 0;
	const bool of_ns3 = what.result == -ENOPROTOOPT || (congestion && what.result == -ENOENT) ||
						(flags && sk_fullsock(&what.sk));
	if (!of_ns3)
		return;
	const std::string by = option.prog ? m_spoils.name_of(*option.prog) + ": " : "";
	const char* const why = congestion ? "; ns-3 and the script have no such congestion control"
							: flags    ? "; ns-3 has no place for header options"
									   : "; ns-3 has nothing to set it in";
	Tell(LOG_WARN, {"refused option", by, option.text()},
		 SockOpsPlace(&what.sk) + ", " + std::string(short_op_name(option.op)) + ": " + by + option.text() +
			 why);
}

inline void SockOpsReport::Tell(LogLevel level, Key key, std::string text, uint64_t times) {
	SockOpsLog(level, [&] { return key.front() + ": " + text; });
	m_times += times;
	const auto [known, isNew] = m_known.emplace(std::move(key), m_troubles.size());
	if (isNew)
		m_troubles.push_back({known->first.front(), 0, std::move(text)});
	m_troubles[known->second].times += times;
	PrintAtDestroy();
}

inline void SockOpsReport::PrintAtDestroy() {
	if (std::exchange(m_scheduled, true))
		return;
	Simulator::ScheduleDestroy([kept = Ptr<SockOpsSpace>(&m_space), this] {
		m_scheduled = false;
		if (m_told != m_times)
			PrintSummary(std::cerr);
	});
}

} // namespace ns3
