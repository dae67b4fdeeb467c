// SPDX-License-Identifier: MIT
// The command line of sockops-run.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sockops/kern/kernel_release.hpp>
#include <sockops/testing/timeline.hpp>
#include <sockops/trace/spoiled.hpp>

#include "../command/parse.hpp"
#include "program_builder.hpp"

namespace sockops_run {

using sockops::tools::usage_error;

using named_value = std::pair<std::string, std::string>;

/// "tune.bpf.o@/web".
struct placed_file {
	std::string file;
	std::optional<std::string> cgroup; ///< nullopt: the side's
};

/// "web:conf[{1, 2}]=3".
struct filled_entry {
	std::string map, key, value;
	std::string option; ///< as it was given
};

enum class when { always, automatic, never };

struct arguments {
	std::vector<placed_file> objects;
	build_options build;
	std::vector<std::string> progs;                          ///< empty: all
	std::optional<sockops::testing::side> side;              ///< nullopt: both
	std::optional<std::string> client_cgroup, server_cgroup; ///< where the sockets are
	std::vector<std::string> tests;                          ///< files and folders; empty: an ordinary run
	std::vector<std::string> object_folders;                 ///< where tests' objects are looked for, too
	std::string junit;                                       ///< a file to write; "": none
	sockops::u64 seed = 1;
	sockops::kernel_release kernel = sockops::modelled_release;
	std::string timeline;                ///< a file; empty: the built-in one
	std::string client, server;          ///< addresses with ports; empty: the timeline's
	std::vector<std::string> congestion; ///< controls that there are besides the timeline's
	bool ipv6 = false, json = false, maps = false, expect = false;
	bool keep_going = false;             ///< a program that is stopped is no failure
	std::vector<sockops::spoil> fail_if; ///< what programs take from each other that is one
	bool fail_if_denied = false;
	std::string coverage;               ///< a file to add to; "": none
	bool annotations = false;           ///< failures once more, as code hosts show them
	bool check = false;                 ///< nothing is run: will a kernel take them?
	bool unchecked = false;             ///< what a kernel refuses is run, too
	bool ask_kernel = false;            ///< this machine's, besides
	std::string kernel_log;             ///< a file for what it writes; "": none
	bool help = false, version = false; ///< print these instead
	bool vmlinux_h = false, helpers = false, contents = false;
	std::string generate; ///< "man", "bash"; "": no
	when colour = when::automatic;
	std::optional<sockops::u64> shuffle; ///< of vmlinux_h
	std::vector<named_value> set;        ///< globals
	std::vector<filled_entry> map;       ///< what maps hold before the run
	std::vector<std::string> watch;      ///< globals
	std::vector<std::string> kconfig;    ///< options of the kernel's configuration, and files of them
	std::vector<named_value> records;    ///< maps and the type of their records
};

/// Throws usage_error.
[[nodiscard]] arguments parse_arguments(int argc, const char* const* argv);

/// What the command line is.
[[nodiscard]] const sockops::tools::command& this_command();

} // namespace sockops_run
