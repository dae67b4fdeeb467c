// SPDX-License-Identifier: MIT
// What the tests of the hook's behaviour share: a tree with a socket, programs that answer or
// record, and the reports of misuse. Tests run on one thread unless they say otherwise.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <sockops/sockops.hpp>

namespace trap_test {

using namespace sockops;

struct report {
	std::string call, message;
};

/// Records illegal uses, internal errors and warnings for as long as it lives.
class recorded_reports {
  public:
	recorded_reports() {
		all_.clear();
		illegal_ = set_illegal_use_handler(record);
		internal_ = set_internal_error_handler(record);
		warning_ = set_warning_handler(record);
	}
	~recorded_reports() {
		set_illegal_use_handler(illegal_);
		set_internal_error_handler(internal_);
		set_warning_handler(warning_);
	}
	recorded_reports(const recorded_reports&) = delete;
	recorded_reports& operator=(const recorded_reports&) = delete;

	/// What was reported since the last call.
	std::vector<report> take() { return std::exchange(all_, {}); }

  private:
	static void record(const check_report& what) noexcept { all_.push_back({what.call, what.message}); }

	static inline std::vector<report> all_;
	check_handler illegal_, internal_, warning_;
};

/// Exactly one report since the last look, from `call`, whose message has all of `parts`.
inline void expect_report(recorded_reports& reports, std::string_view call,
						  std::initializer_list<std::string_view> parts) {
	const std::vector<report> seen = reports.take();
	ASSERT_EQ(seen.size(), 1u);
	EXPECT_EQ(seen[0].call, call);
	for (const std::string_view part : parts)
		EXPECT_NE(seen[0].message.find(part), std::string::npos)
			<< '"' << part << "\" is not in \"" << seen[0].message << '"';
}

inline void attach(cgroup& to, const bpf_prog_ptr& prog, u32 flags = attach_flags::allow_multi) {
	EXPECT_EQ(cgroup_bpf_attach(to, prog, flags), 0) << prog->name;
}
inline void detach(cgroup& from, const bpf_prog_ptr& prog) {
	EXPECT_EQ(cgroup_bpf_detach(from, prog.get()), 0) << prog->name;
}

/// A tree of one cgroup with one socket in it.
struct one_socket {
	net in;
	cgroup_root root;
	scoped_tcp_sock sk{in, *root};

	explicit one_socket(const net_profile& profile = {}) : in(profile) {}

	template <class Release = default_release>
	int call(int op) {
		return tcp_hook<Release>::tcp_call_bpf(&sk, op, 0, nullptr);
	}
};

/// What a program of the reply tables does: writes `reply` (or leaves it alone) and returns `ret`.
struct answer {
	s64 reply;
	u32 ret;
};
inline constexpr s64 leaves = s64{1} << 40;

inline bpf_prog_ptr answers(answer with) {
	return make_bpf_prog("answers", [with](bpf_sock_ops& skops) {
		if (with.reply != leaves)
			skops.reply = static_cast<u32>(with.reply);
		return with.ret;
	});
}

/// A program that counts its runs and returns `ret`.
inline bpf_prog_ptr counts(int& runs, u32 ret = 1) {
	return make_bpf_prog("counts", [&runs, ret](bpf_sock_ops&) {
		++runs;
		return ret;
	});
}

/// A program that adds a letter to `log` when it runs.
inline bpf_prog_ptr writes(std::string& log, char letter) {
	return make_bpf_prog("writes", [&log, letter](bpf_sock_ops&) {
		log += letter;
		return 1;
	});
}

/// The letters of the programs that run for a socket now.
inline std::string run_order(std::string& log, sock_common& sk) {
	log.clear();
	(void)tcp_call_bpf(&sk, BPF_SOCK_OPS_TCP_LISTEN_CB, 0, nullptr);
	return log;
}

/// A call as a program sees it: "RWND_INIT", "NEEDS_ECN*" (* no full socket), "STATE(2>1)",
/// "RTO(0,250,0)".
inline std::string call_text(bpf_sock_ops& skops) {
	std::string name = op_name(skops.op);
	if (name.size() > 3 && name.compare(name.size() - 3, 3, "_CB") == 0)
		name.resize(name.size() - 3);
	if (!skops.is_fullsock)
		name += '*';
	const u32 nargs = skops.op == BPF_SOCK_OPS_STATE_CB ? 2 : skops.op == BPF_SOCK_OPS_RTO_CB ? 3 : 0;
	for (u32 i = 0; i != nargs; ++i) {
		name += i == 0 ? '(' : nargs == 2 ? '>' : ',';
		name += std::to_string(static_cast<u32>(skops.args[i]));
	}
	if (nargs != 0)
		name += ')';
	return name;
}

/// A program that writes call_text() of each call to `log`, and sets `cb_flags` in `flags_at`.
inline bpf_prog_ptr logs_calls(std::string& log, int cb_flags = 0, u32 flags_at = BPF_SOCK_OPS_VOID) {
	return make_bpf_prog("logs_calls", [&log, cb_flags, flags_at](bpf_sock_ops& skops) {
		if (!log.empty())
			log += ' ';
		log += call_text(skops);
		if (skops.op == flags_at) {
			EXPECT_EQ(bpf_sock_ops_cb_flags_set(skops, cb_flags), 0);
		}
		return 1;
	});
}

} // namespace trap_test
