// SPDX-License-Identifier: MIT
// Puts together what belongs to one callback, hands it on, and counts.
#pragma once

#include <set>

#include <sockops/object/object_set.hpp>
#include <sockops/testing/play.hpp>
#include <sockops/trace/spoiled.hpp>
#include <sockops/vm/fault.hpp>

#include "map_watches.hpp"
#include "output.hpp"

namespace sockops_run {

/// Faults of programs go to a reporter while one lives: one at a time in the process.
class reporter final : public sockops::testing::play_listener {
  public:
	reporter(sockops::object_set& objects, map_watches& maps, output& to);
	~reporter();
	reporter(const reporter&) = delete;
	reporter& operator=(const reporter&) = delete;

	void event(sockops::u64 time_ns, const sockops::testing::timeline_event& what) override;
	void called(sockops::testing::side who, sockops::u64 time_ns, const sockops::trace_call& call) override;
	void withheld(sockops::testing::side who, sockops::u64 time_ns, const sockops::trace_call& call) override;
	void option_set(sockops::testing::side who, sockops::u64 time_ns, const sockops::sock_common& sk,
					const sockops::testing::option_call& what) override;
	void freed(sockops::testing::side who, sockops::u64 time_ns, const sockops::sock_common& sk) override;
	void printk(sockops::testing::side who, sockops::u64 time_ns, const char* text) override;

	/// In words, where an event would stand.
	void say(const std::string& what) { to_.event(last_event_ns_, what); }
	/// What was counted.
	[[nodiscard]] run_end take_end() { return std::move(end_); }

  private:
	struct set_option {
		sockops::testing::option_call call;
		std::optional<sockops::spoiled> spoiled;
	};

	void take_options(run_call& seen);
	void count(const run_call& seen);
	void add_hint(const sockops::testing::option_call& option, std::vector<std::string>& to);

	map_watches& maps_;
	output& to_;
	sockops::bpf_fault_handler handler_before_;
	std::map<const sockops::bpf_prog*, std::string> names_;
	sockops::program_namer name_of_;
	sockops::spoil_watch watch_;
	std::vector<set_option> options_;
	std::vector<std::string> printk_;
	std::set<std::string> missing_controls_;
	socket_names sockets_;
	sockops::u64 last_event_ns_ = 0;
	run_end end_;
};

} // namespace sockops_run
