// SPDX-License-Identifier: MIT
// What sockops-run has to tell, and whom it tells: text for people, or JSON.
#pragma once

#include <map>
#include <memory>
#include <ostream>

#include <sockops/object/ask_kernel.hpp>
#include <sockops/testing/play.hpp>
#include <sockops/trace/spoiled.hpp>
#include <sockops/vm/prog_load.hpp>

#include "failure.hpp"
#include "map_watch.hpp"

namespace sockops_run {

/// Before anything happens.
struct run_start {
	struct object {
		std::string name, file, cgroup;
		std::vector<std::string> programs; ///< as they are attached
		std::vector<sockops::object_notice> notices;
		std::vector<sockops::kernel_answer> kernel{}; ///< of --ask-kernel
	};
	std::vector<object> objects;
	std::vector<std::string> notices; ///< of the run
	std::string client_cgroup, server_cgroup;
	std::string timeline;
	bool ipv6;
	sockops::u64 seed;
};

/// An instruction that depended on bytes that nobody had written.
struct found_now {
	std::string message;
	std::string again; ///< where it is, if it was told before; "": it is new
};

/// One callback, and what its programs did.
struct run_call {
	std::optional<sockops::testing::side> who; ///< nullopt: the op was fired, on a socket of no side
	sockops::u64 time_ns;
	const sockops::trace_call& call;
	const sockops::program_namer& name_of;
	std::vector<sockops::testing::option_call> options{};
	std::vector<std::string> printk{};
	std::vector<map_change> changes{};
	std::vector<map_record> records{};
	std::vector<sockops::spoiled> spoiled{};
	std::vector<std::string> faults{};
	std::vector<const sockops::bpf_prog*> stopped{}; ///< those of the faults
	std::vector<found_now> findings{};
	std::vector<std::string> hints{}; ///< what a reader may want to do otherwise
};

struct program_faults {
	std::string program;
	sockops::u64 count;
	std::string last;
};

/// The same in the whole run: by instruction.
struct finding_count {
	std::string program;
	std::string message; ///< of the first time
	sockops::bpf_source_line at;
	std::size_t count;
	sockops::u64 first_ns;
	std::optional<sockops::testing::side> first_side;
};

/// What programs did to each other: one kind in one op, of one program by others.
struct spoil_count {
	sockops::spoiled first;
	std::size_t count;
	sockops::u64 first_ns;
	std::optional<sockops::testing::side> first_side;
	sockops::u8 op;
};

/// A line of the timeline that is not so.
struct unmet {
	unsigned line;
	std::string expectation, text;
};

/// When all is over.
struct run_end {
	std::size_t calls = 0;
	std::size_t denied = 0;                       ///< calls in which a program returned 0
	std::map<std::string, std::size_t> denials{}; ///< by program, how often it did: not where it was stopped
	std::vector<spoil_count> spoiled{};           ///< in the order of their first times
	std::vector<program_faults> faults{};
	std::vector<finding_count> findings{};         ///< in the order of their first times
	std::map<std::string, std::size_t> withheld{}; ///< by op, how often
	std::vector<sockops::testing::difference> differences{};
	std::vector<unmet> unmet_lines{};                       ///< of what programs did
	std::optional<std::vector<map_watch::contents>> maps{}; ///< nullopt: not asked for
	std::vector<failure> failures{};                        ///< each once; and warnings
	bool unchecked = false;                                 ///< programs that a kernel refuses were run, too
	int exit_status = 0;

	/// Replies that were discarded or replaced.
	std::size_t lost_replies() const noexcept;
};

/// "client", "server"; "fired" of an op that was.
[[nodiscard]] inline const char* who_name(std::optional<sockops::testing::side> who) noexcept {
	return who ? sockops::testing::side_name(*who) : "fired";
}

struct output {
	virtual ~output() = default;
	virtual void start(const run_start& what) = 0;
	virtual void event(sockops::u64 time_ns, const std::string& text) = 0;
	virtual void call(const run_call& what) = 0;
	virtual void end(const run_end& what) = 0;
};

[[nodiscard]] std::unique_ptr<output> make_text_output(std::ostream& out, bool in_colour = false);
[[nodiscard]] std::unique_ptr<output> make_json_output(std::ostream& out);

} // namespace sockops_run
