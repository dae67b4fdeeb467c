// SPDX-License-Identifier: MIT
// Any op on demand, without a stack: what the programs of a socket do with it.
//
//     testing::fired answer = testing::fire(BPF_SOCK_OPS_TIMEOUT_INIT, sk);
//     answer.allowed, answer.reply
//     testing::fire(BPF_SOCK_OPS_STATE_CB, sk, {.args = {TCP_ESTABLISHED, TCP_CLOSE_WAIT}});
//     testing::fire(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, sk, {.room = 8}).options  // the 8 bytes written
//
// The context is filled as the kernel fills it for the op. It is fired because the test says so, also where
// the op's flag is clear and no stack would have called it: fired::withheld says that, and the matcher
// WouldFire() asks for it. What no kernel path does (an op that only full sockets get on a request,
// ESTABLISHED in LISTEN, …) is refused as illegal use, unless `anyway` is set.
//
// Context: the test's thread, outside of programs; not from a signal handler.
#pragma once

#include <array>
#include <string>
#include <vector>

#include <sockops/bpf/uapi.hpp>
#include <sockops/hook/header_options.hpp>
#include <sockops/kern/containers.hpp>
#include <sockops/testing/option_call.hpp>
#include <sockops/trace/spoiled.hpp>
#include <sockops/trace/trace.hpp>

namespace sockops::testing {

struct fire_options {
	std::array<u32, 4> args{}; ///< of the ops that have some: op_table
	/// Of the ops with a segment. nullptr: header options are written into a bare header, parsed from an
	/// ACK without options; HDR_OPT_LEN_CB works out the MSS; the others have none.
	sk_buff* skb = nullptr;
	sk_buff* syn_skb = nullptr; ///< header options of a request: the SYN
	/// Header options of a request: whose programs run; nullptr: the listener's.
	tcp_sock* owner = nullptr;
	tcp_synack_type synack_type = tcp_synack_type::normal;
	u32 room = max_tcp_option_space; ///< HDR_OPT_LEN_CB: bytes left; WRITE_HDR_OPT_CB: bytes reserved
	bool anyway = false;             ///< fire what no kernel fires too
	/// Knows of the calls before whose flags and options are there; nullptr: fired::spoiled is of this call
	/// alone.
	spoil_watch* watch = nullptr;
};

struct fired {
	bool allowed = false;    ///< no program denied (or none ran: call.fate says why)
	int reply = -1;          ///< of tcp_call_bpf()
	u32 reserved = 0;        ///< HDR_OPT_LEN_CB: bytes, rounded up to 4
	std::vector<u8> options; ///< WRITE_HDR_OPT_CB: the reserved bytes as they are sent
	/// What each program did: trace/explain.hpp puts it into words. Good while programs and cgroup are.
	trace_call call{};
	/// What trace_call::answered_by() is called in `spoiled`, "web:tune" where several objects have a "tune";
	/// "": no program's reply is the result.
	std::string answered_by{};
	/// Each bpf_setsockopt() of the programs, in order, refused ones too; and each line of
	/// bpf_trace_printk(). The net's other observers are told as well.
	std::vector<option_call> options_set;
	std::vector<std::string> printk;
	/// What one program took from another (trace/spoiled.hpp).
	std::vector<sockops::spoiled> spoiled{};
	/// Why programs were stopped, with the line of C.
	std::vector<std::string> faults;
	/// Why no stack would have made this call, and what to do about it: the socket's flag for the op was
	/// clear, fire_options::anyway was needed, or it was refused. "": one that comes to this point calls it.
	std::string withheld{};
	/// What watched programs did with bytes that nobody wrote (bpf/bpf_finding.hpp), with the line of C.
	std::vector<std::string> findings{};
};

/// In words: why programs were stopped, what each did, what they spoiled, set and printed. As explain() of a
/// call, of which it is a part.
[[nodiscard]] std::string explain(const fired& answer);

/// `sk`: a tcp_sock or a request_sock, initialised.
fired fire(bpf_sock_ops_op op, sock_common& sk, const fire_options& with = {});

} // namespace sockops::testing
