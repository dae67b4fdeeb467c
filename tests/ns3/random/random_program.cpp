// SPDX-License-Identifier: MIT
#include "random_program.hpp"

#include <cstdio>
#include <cstring>
#include <memory>

#include <sockops/hook/helpers.hpp>

#include "random_child.hpp"
#include "random_dice.hpp"

namespace test {

using namespace sockops;

namespace {

u64 read_all(bpf_sock_ops& skops) {
	u64 sum = 0;
	for (const ctx_field& field : ctx_fields)
		for (unsigned i = 0; i != field.count; ++i)
			sum += read_ctx_field(field, skops.kern(), i);
	char value[64];
	for (const sockopt_info& option : sockopts()) {
		const int size = option.optlen == sockopt_info::length::word ? 4 : int{sizeof value};
		sum += static_cast<u64>(bpf_getsockopt(skops, option.level, option.optname, value, size));
	}
	return sum;
}

/// So that no compiler leaves the reading out.
volatile u64 read_sum;

void watch(bpf_sock_ops& skops, std::uint64_t& calls) {
	++calls;
	bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_ALL_CB_FLAGS);
	read_sum = read_sum + read_all(skops);
}

bool established(const bpf_sock_ops& skops) {
	return skops.op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB || skops.op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB;
}

/// Draws what a program does in a call.
class chance_handler {
  public:
	chance_handler(std::uint64_t seed, temper how) : chance_(seed), how_(how) {
		option_percent_ = chance_.percent(30) ? 0 : chance_.any_size(1, 60);
		reply_percent_ = chance_.percent(20) ? 0 : chance_.between(20, 100);
		flags_percent_ = chance_.between(2, 100);
	}

	int call(bpf_sock_ops& skops) {
		if (chance_.percent(flags_percent_))
			set_flags(skops);
		// More where a connection becomes one: there an option meets a socket that is half of the old state.
		const bool turning = skops.op == BPF_SOCK_OPS_STATE_CB || established(skops);
		while (chance_.percent(turning ? std::min(3 * option_percent_, 80u) : option_percent_))
			set_option(skops);
		if (how_ == temper::senseless && chance_.percent(3))
			use_header_options(skops);
		if (chance_.percent(reply_percent_))
			reply(skops);
		return chance_.percent(1) ? 0 : 1;
	}

  private:
	bool sensible() const { return how_ == temper::sensible; }

	void tell(const bpf_sock_ops& skops, const char* what, const std::string& name, long value, int result) {
		char line[160];
		std::snprintf(line, sizeof line, "%.6f s, port %u, %s%s, state %u: %s %s %ld -> %d",
					  ns3::Simulator::Now().GetSeconds(), +skops.local_port, op_name(skops.op),
					  skops.is_fullsock != 0 ? "" : " (request)", +skops.state, what, name.c_str(), value,
					  result);
		note(line);
	}

	void set_flags(bpf_sock_ops& skops) {
		const int flags =
			chance_.percent(70) ? int{BPF_SOCK_OPS_ALL_CB_FLAGS} : static_cast<int>(chance_.below(1 << 8));
		bpf_sock_ops_cb_flags_set(skops, flags);
	}

	int any_number() {
		static constexpr int edges[] = {-2147483647 - 1, -1, 0, 1, 2, 3, 65535, 65536, 2147483647};
		return chance_.percent(40) ? chance_.any(edges) : static_cast<int>(chance_.any_size(1, 2147483647));
	}

	void set_option(bpf_sock_ops& skops) {
		if (chance_.percent(40))
			return set_congestion_control(skops);
		struct {
			int option;
			u32 least, most;
		} constexpr useful[] = {{TCP_BPF_IW, 1, 60},
								{TCP_BPF_SNDCWND_CLAMP, 4, 100},
								{TCP_BPF_RTO_MIN, 20'000, 200'000}, // us
								{TCP_BPF_DELACK_MAX, 4'000, 40'000}};
		if (sensible() || chance_.percent(50)) {
			const auto& which = chance_.any(useful);
			const auto value = static_cast<int>(chance_.any_size(which.least, which.most));
			return set(skops, sol::tcp, which.option,
					   chance_.percent(70) || sensible() ? value : any_number());
		}
		const auto all = sockopts();
		const sockopt_info& which = all[chance_.below(static_cast<u32>(all.size()))];
		chance_.percent(95) ? set(skops, which.level, which.optname, any_number())
							: set(skops, any_number(), any_number(), any_number());
	}

	void set(bpf_sock_ops& skops, int level, int option, int value) {
		const sockopt_info* const known = find_sockopt(level, option);
		const std::string name = known ? known->name : std::to_string(level) + "/" + std::to_string(option);
		tell(skops, "sets", name, value, 1); // before: it may be the last thing that happens
		const int result = bpf_setsockopt(skops, level, option, &value, sizeof value);
		tell(skops, "has set", name, value, result);
	}

	void set_congestion_control(bpf_sock_ops& skops) {
		static constexpr const char* of_linux[] = {"bbr",      "bic",   "cubic",    "dctcp",    "highspeed",
												   "htcp",     "hybla", "illinois", "lp",       "reno",
												   "scalable", "vegas", "veno",     "westwood", "yeah",
												   "cdg",      "nv",    "",         "ledbat"};
		const auto& types = congestion_controls();
		std::string name = chance_.any(of_linux);
		if (chance_.percent(30))
			name = types[chance_.below(static_cast<u32>(types.size()))].substr(chance_.percent(50) ? 0 : 5);
		tell(skops, "sets", "TCP_CONGESTION " + name, 0, 1);
		const int result = bpf_setsockopt(skops, sol::tcp, tcp_option::congestion, name.c_str(),
										  static_cast<int>(name.size() + 1));
		tell(skops, "has set", "TCP_CONGESTION " + name, 0, result);
	}

	void use_header_options(bpf_sock_ops& skops) {
		u8 bytes[8] = {254, 4, 1, 2};
		bpf_reserve_hdr_opt(skops, chance_.below(50), 0);
		bpf_store_hdr_opt(skops, bytes, 4, 0);
		bpf_load_hdr_opt(skops, bytes, sizeof bytes, 0);
	}

	void reply(bpf_sock_ops& skops) {
		switch (skops.op) {
		case BPF_SOCK_OPS_TIMEOUT_INIT:
			return reply(skops, chance_.between(10, 500)); // jiffies of 4 ms
		case BPF_SOCK_OPS_RWND_INIT:
			return reply(skops, chance_.any_size(2, 100));
		case BPF_SOCK_OPS_NEEDS_ECN:
			return reply(skops, chance_.below(2));
		default:
			if (!sensible())
				skops.reply = static_cast<u32>(any_number());
		}
	}
	void reply(bpf_sock_ops& skops, u32 value) {
		if (!sensible() && chance_.percent(40))
			value = static_cast<u32>(any_number());
		tell(skops, "replies", "", static_cast<int>(value), 0);
		skops.reply = value;
	}

	dice chance_;
	const temper how_;
	u32 option_percent_, reply_percent_, flags_percent_;
};

} // namespace

bpf_prog_ptr watcher(std::uint64_t& calls) {
	return make_bpf_prog("watcher", [&calls](bpf_sock_ops& skops) {
		watch(skops, calls);
		return 1;
	});
}

bpf_prog_ptr meddler(std::uint64_t& calls) {
	return make_bpf_prog("meddler", [&calls](bpf_sock_ops& skops) {
		watch(skops, calls);
		if (established(skops)) {
			const int more = static_cast<int>(+skops.snd_cwnd) + 1;
			bpf_setsockopt(skops, sol::tcp, TCP_BPF_IW, &more, sizeof more);
		}
		return 1;
	});
}

bpf_prog_ptr chance_program(std::uint64_t seed, temper how, std::uint64_t& calls) {
	const auto handler = std::make_shared<chance_handler>(seed, how);
	return make_bpf_prog("chance", [handler, &calls](bpf_sock_ops& skops) {
		++calls;
		return handler->call(skops);
	});
}

} // namespace test
