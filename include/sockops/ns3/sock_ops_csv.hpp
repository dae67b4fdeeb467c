// SPDX-License-Identifier: MIT
// EnableCsv(): two tables, each with a line of names first, quoted where a cell needs it.
//
//   PREFIX-callbacks.csv  the calls of the hook in which a program ran
//   PREFIX-options.csv    each bpf_setsockopt() of a program, that fails too
//
// Units are in the names (srtt_us: microseconds; the kernel's own field counts eighths), windows in segments.
// A cell is empty where there is nothing: the reply to an op whose reply nobody looks at, and what a request
// (state NEW_SYN_RECV) has not got yet. cb_flags to total_retrans are as the programs left them.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/sock_ops_output.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

#include <sockops/net/observer.hpp>
#include <sockops/net/tcp_states.hpp>
#include <sockops/ns3/sock_ops_whose.hpp>
#include <sockops/trace/explain.hpp>
#include <sockops/trace/option_text.hpp>
#include <sockops/trace/trace.hpp>

namespace ns3 {

/// A line of a table.
class SockOpsCsvLine {
  public:
	SockOpsCsvLine& operator<<(std::string_view cell) {
		m_text += m_first ? "" : ",";
		m_first = false;
		if (cell.find_first_of(",\"\r\n") == std::string_view::npos)
			m_text += cell;
		else
			Quote(cell);
		return *this;
	}
	SockOpsCsvLine& operator<<(int64_t number) { return *this << std::string_view(std::to_string(number)); }
	SockOpsCsvLine& operator<<(const SockOpsWhose& whose) {
		return *this << whose.time << whose.node << whose.cgroup << whose.local << int64_t{whose.localPort}
					 << whose.remote << int64_t{whose.remotePort};
	}

	/// The whole line.
	std::string End() const { return m_text + "\n"; }

  private:
	void Quote(std::string_view cell) {
		m_text += '"';
		for (const char c : cell)
			m_text += c == '"' ? std::string("\"\"") : std::string(1, c);
		m_text += '"';
	}

	std::string m_text;
	bool m_first = true;
};

class SockOpsCsv final : public sockops::net_observer {
  public:
	explicit SockOpsCsv(const std::string& prefix)
		: m_calls(Create<SockOpsOutput>(prefix + "-callbacks.csv")),
		  m_options(Create<SockOpsOutput>(prefix + "-options.csv")) {
		m_calls->Write(Whose + "state,op,arg0,arg1,arg2,reply,answered_by,denied_by,programs,cb_flags,cwnd,"
							   "ssthresh,srtt_us,rto_ms,mss,packets_out,retrans_out,total_retrans\n");
		m_options->Write(Whose + "op,program,option,value,result\n");
	}
	~SockOpsCsv() {
		m_calls->Close();
		m_options->Close();
	}

	void called(const sockops::trace_call& call) override {
		if (call.steps.empty()) // nobody ran
			return;
		SockOpsCsvLine line;
		line << SockOpsWhose(*call.sk) << sockops::tcp_state_name(call.state) << sockops::op_name(call.op);
		for (uint32_t i = 0; i != 3; ++i)
			i < sockops::op_nargs(call.op) ? line << int64_t{call.args[i]} : line << "";
		AddReply(line, call);
		AddSocket(line, call);
		m_calls->Write(line.End());
	}
	void option_set(const sockops::set_option& what) override {
		SockOpsCsvLine line;
		line << SockOpsWhose(what.sk) << sockops::op_name(what.op) << NameOf(sockops::program_traced_now())
			 << sockops::option_name(what.level, what.optname) << ValueOf(what) << int64_t{what.result};
		m_options->Write(line.End());
	}

  private:
	static inline const std::string Whose =
		"time_s,node,cgroup,local_address,local_port,remote_address,remote_port,";

	static std::string_view NameOf(const sockops::bpf_prog* prog) {
		return prog && prog->name ? prog->name : "";
	}
	/// A name without its quotation marks, which the table gives it where it needs them.
	static std::string ValueOf(const sockops::set_option& what) {
		const std::string text =
			sockops::option_value_text(what.level, what.optname, what.value, what.length);
		return text.starts_with('"') ? sockops::option_string(what.value, what.length) : text;
	}

	static void AddReply(SockOpsCsvLine& line, const sockops::trace_call& call) {
		const sockops::op_info* const row = sockops::find_op(call.op);
		row && row->reply != sockops::reply_use::ignored ? line << int64_t{call.result} : line << "";
		std::string ran;
		for (const sockops::trace_step& step : call.steps)
			ran.append(ran.empty() ? "" : " ").append(NameOf(step.prog));
		line << NameOf(call.answered_by()) << NameOf(call.denied_by()) << ran;
	}
	static void AddSocket(SockOpsCsvLine& line, const sockops::trace_call& call) {
		if (!call.is_fullsock) {
			for (int cells = 0; cells != 9; ++cells)
				line << "";
			return;
		}
		const auto& sk = *static_cast<const sockops::tcp_sock*>(call.sk);
		const bool rtt = sk.srtt_us != 0;
		line << sockops::cb_flags_text(sk.bpf_sock_ops_cb_flags) << int64_t{sk.snd_cwnd}
			 << int64_t{sk.snd_ssthresh} << (rtt ? std::to_string(sk.srtt_us >> 3) : "")
			 << JiffiesToTime(*sk.skc_net, sk.icsk_rto).GetMilliSeconds() << int64_t{sk.mss_cache}
			 << int64_t{sk.packets_out} << int64_t{sk.retrans_out} << int64_t{sk.total_retrans};
	}

	Ptr<SockOpsOutput> m_calls, m_options;
};

} // namespace ns3
