// SPDX-License-Identifier: MIT
// Puts together what belongs to one callback, hands it on, and counts.
#pragma once

#include <set>
#include <tuple>

#include <sockops/bpf/bpf_fault.hpp>
#include <sockops/bpf/bpf_finding.hpp>
#include <sockops/object/object_set.hpp>
#include <sockops/testing/play.hpp>
#include <sockops/trace/spoiled.hpp>
#include <sockops/vm/prog_load.hpp>

#include "map_watches.hpp"
#include "output.hpp"

namespace sockops_run {

class reporter final : public sockops::testing::play_listener {
  public:
	reporter(sockops::object_set& objects, map_watches& maps, output& to, const arguments& with);
	reporter(const reporter&) = delete;
	reporter& operator=(const reporter&) = delete;

	void event(sockops::u64 time_ns, const sockops::testing::timeline_event& what) override;
	void called(sockops::testing::side who, sockops::u64 time_ns, const sockops::trace_call& call) override;
	void withheld(sockops::testing::side who, sockops::u64 time_ns, const sockops::trace_call& call) override;
	void option_set(sockops::testing::side who, sockops::u64 time_ns, const sockops::sock_common& sk,
					const sockops::testing::option_call& what) override;
	void freed(sockops::testing::side who, sockops::u64 time_ns, const sockops::sock_common& sk) override;
	void fired(sockops::u64 time_ns, const sockops::testing::fired_op& what) override;
	bool printk(sockops::testing::side who, sockops::u64 time_ns, const char* text) override;
	bool fault(sockops::testing::side who, sockops::u64 time_ns, const sockops::bpf_fault& what) override;
	bool found(sockops::testing::side who, sockops::u64 time_ns, const sockops::bpf_finding& what) override;

	/// What the last call sent, and the maps' names.
	[[nodiscard]] const std::vector<map_record>& last_records() const noexcept { return records_; }
	/// In words, where an event would stand.
	void say(const std::string& what) { to_.event(last_event_ns_, what); }
	/// What was counted.
	[[nodiscard]] run_end take_end();

  private:
	struct set_option {
		sockops::testing::option_call call;
		std::optional<sockops::spoiled> spoiled;
	};

	void take_options(run_call& seen);
	void complete(run_call& seen, sockops::sock* sk);
	void stopped(const sockops::bpf_fault& what);
	void found_by(std::optional<sockops::testing::side> who, sockops::u64 time_ns,
				  const sockops::bpf_finding& what);
	void count(const run_call& seen);
	void fail(const run_call& seen, const sockops::spoiled& by);
	void note_denials(const run_call& seen);
	void add_hint(const sockops::testing::option_call& option, std::vector<std::string>& to);

	map_watches& maps_;
	output& to_;
	const std::vector<sockops::spoil> fail_if_;
	const bool judges_trouble_; ///< that programs are stopped, or read what nobody wrote
	const bool fail_if_denied_;
	std::map<const sockops::bpf_prog*, std::string> names_;
	sockops::program_namer name_of_;
	sockops::spoil_watch watch_;
	std::vector<set_option> options_;
	std::vector<std::string> printk_;
	std::vector<std::string> faults_; ///< since the last call ended
	std::vector<const sockops::bpf_prog*> stopped_;
	std::vector<found_now> findings_; ///< since the last call ended
	/// The place in run_end::findings, by the instruction and what is said of it.
	std::map<std::tuple<const sockops::bpf_prog*, sockops::u32, std::string>, std::size_t> found_at_;
	std::set<std::pair<const sockops::bpf_prog*, sockops::u32>> stopped_at_;
	std::map<std::string, sockops::bpf_source_line> deniers_; ///< where each begins
	std::set<std::string> missing_controls_;
	std::vector<map_record> records_;
	socket_names sockets_;
	sockops::u64 last_event_ns_ = 0;
	run_end end_;
};

} // namespace sockops_run
