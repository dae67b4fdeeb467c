// SPDX-License-Identifier: MIT
// Who spoils whom: what a program of a call had done, and another took away.
//
//   discarded reply    observer returned 0: the reply 25 of tune is discarded, 1 s is used
//   replaced reply     logger replaced the reply 25 of tune by -1, which is none: 1 s is used
//   taken flags        logger set the flags to STATE_CB_FLAG: RTT_CB_FLAG of tune is gone
//   dropped options    tune could not reserve 8 bytes: tag reserved 36 of 40
//   changed argument   tune's reply stands in args[0]: gate finds -1 for old_state 1
//   replaced option    gate set TCP_BPF_IW=10 over the 40 of tune
//
// One rule, which explain(), sockops-run and the matchers use. A program may spoil itself: one that replies
// and returns 0 throws its own reply away, which is how many that have been published end.
//
// Context: a spoil_watch is used by one thread at a time, while what the records point to is valid; takes
// memory, so not in a signal handler.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <sockops/kern/containers.hpp>
#include <sockops/trace/trace.hpp>

namespace sockops {

enum class spoil : u8 {
	discarded_reply,  ///< a 0 makes the result -1
	replaced_reply,   ///< by what a later program wrote
	taken_flags,      ///< that another program had set
	dropped_options,  ///< bytes of header options: denied, without room, of a kind that is there, or not
					  ///< written
	changed_argument, ///< args[0], as later programs read it
	replaced_option,  ///< what another program had set by bpf_setsockopt(), to another value
};

/// "discarded_reply".
[[nodiscard]] const char* spoil_name(spoil what) noexcept;
/// Each of them.
[[nodiscard]] std::span<const spoil> all_spoils() noexcept;

struct spoiled {
	spoil what;
	std::vector<std::string> of; ///< whose it was: one; changed_argument: all who find it
	std::vector<std::string> by; ///< who did it: one, or all whose 0, or whose bytes, did
	s64 value;        ///< the reply, the flags, the bytes, args[0] as it was, or the option's number
	std::string text; ///< a sentence, without its full stop
};

/// What a program is called; without one: by its name.
using program_namer = std::function<std::string(const bpf_prog&)>;

/// Looks at each call, in order, and so knows who set a socket's flags and options, and reserved its bytes.
/// What was set before its time is nobody's.
class spoil_watch {
  public:
	explicit spoil_watch(program_namer namer = {});

	/// When the call is over. Throws what std::string does, as the next.
	std::vector<spoiled> called(const trace_call& call);
	/// A program's bpf_setsockopt() that succeeded. `value`: in words, "40".
	std::optional<spoiled> option_set(const sock_common& sk, const bpf_prog& by, int level, int optname,
									  const std::string& name, const std::string& value);
	/// The socket is freed: its address may be another's.
	void forget(const sock_common& sk);
	/// As it is called in what is told.
	[[nodiscard]] std::string name_of(const bpf_prog& prog) const;

  private:
	struct owner {
		const bpf_prog* prog = nullptr; ///< to compare: it may be gone
		std::string name{};
	};
	struct set_option {
		owner by;
		std::string value;
	};
	struct of_socket {
		std::array<owner, 8> flags{};              ///< by bit
		std::map<const bpf_prog*, u32> reserved{}; ///< bytes, for the segment that is being built
		std::map<std::pair<int, int>, set_option> options{};
	};
	struct call_rules;

	program_namer namer_;
	std::map<const sock_common*, of_socket> sockets_;
	/// Of listeners, by cgroup: a child inherits its listener's flags, and its record does not say whose
	/// child it is.
	std::map<const cgroup*, std::array<owner, 8>> listeners_;
};

/// What one call tells by itself.
[[nodiscard]] std::vector<spoiled> spoiled_in(const trace_call& call, const program_namer& namer = {});

} // namespace sockops
