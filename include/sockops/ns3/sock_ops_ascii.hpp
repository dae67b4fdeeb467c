// SPDX-License-Identifier: MIT
// EnableAscii(): lines in the manner of ns-3's ascii traces, for people: a letter, the time in seconds, whose
// it is, and what happened in words. c: a call of the hook in which a program ran; o: an option that one set.
//
//   c 1.000000000 /NodeList/0/$ns3::SockOpsTcpL4Protocol/Callback 10.0.0.1:49153 > 10.0.0.2:80 TIMEOUT_INIT:
//   …
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/sock_ops_output.hpp>

#include <cstring>
#include <string>

#include <sockops/net/observer.hpp>
#include <sockops/ns3/sock_ops_whose.hpp>
#include <sockops/trace/explain.hpp>
#include <sockops/trace/option_text.hpp>
#include <sockops/trace/trace.hpp>

namespace ns3 {

class SockOpsAscii final : public sockops::net_observer {
  public:
	/// A file, or a stream.
	template <class Where>
	explicit SockOpsAscii(const Where& where) : m_to(Create<SockOpsOutput>(where)) {}
	~SockOpsAscii() { m_to->Close(); }

	void called(const sockops::trace_call& call) override {
		if (!call.steps.empty())
			m_to->Write(Begin('c', *call.sk, "/Callback") + InWords(call) + "\n");
	}
	void option_set(const sockops::set_option& what) override {
		const sockops::bpf_prog* const by = sockops::program_traced_now();
		m_to->Write(Begin('o', what.sk, "") +
					sockops::option_text(what.level, what.optname, what.value, what.length, what.result) +
					" by " + (by && by->name ? by->name : "a program") + " in " + sockops::op_name(what.op) +
					"\n");
	}

  private:
	/// As ns-3 names the place of what happened.
	static std::string Begin(char letter, const sockops::sock_common& sk, const char* source) {
		const SockOpsWhose whose(sk);
		return std::string(1, letter) + " " + whose.time + " /NodeList/" + whose.node +
			   "/$ns3::SockOpsTcpL4Protocol" + source + " " + whose.LocalEnd() + " > " + whose.RemoteEnd() +
			   " ";
	}
	/// explain() in one line, with the call's arguments behind its name.
	static std::string InWords(const sockops::trace_call& call) {
		std::string line = sockops::call_text(call);
		for (const char c : sockops::explain(call).substr(std::strlen(sockops::op_name(call.op)))) {
			if (c == '\n')
				line += line.back() == '.' ? " " : ". ";
			else if (c != ' ' || line.back() != ' ')
				line += c;
		}
		line.pop_back(); // the last line's end
		return line;
	}

	Ptr<SockOpsOutput> m_to;
};

} // namespace ns3
