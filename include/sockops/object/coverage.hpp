// SPDX-License-Identifier: MIT
// class coverage: which lines, functions and branches of the C source watched programs have run through, as
// files that lcov and genhtml read.
//
//     coverage seen;
//     seen.add(object);              // opened with object_options::watch, after its programs ran
//     seen.add_to("tune.info");      // genhtml --branch-coverage tune.info
//
//   line       how often a run came to it: to the most frequent of its expressions (a column of the line), an
//              expression that the compiler has split counted where it is entered. Lines that no instruction
//              comes from are not there
//   function   of those that are called: the main program and its subprograms. How often it was entered
//   branch     what a condition leads to, by its column: how often it did, in the order of the lines that it
//              leads to. A switch is one condition; && and || have one on each side
//
// A function that is compiled several times (inlined, in several programs, in a subprogram that each program
// has its copy of) is one: its copies are added up. Counts are those of the code that clang made with -O2:
// what stands several times in a row without a branch between (a loop that is unrolled, a function that is
// inlined twice) counts once, a condition that is decided by another's jump has no count of its own, and what
// is computed without a branch has no branch. Of ends of ways that are alike clang keeps one, at -O1, too,
// and the others have no count, or 0: clang's -mllvm -enable-tail-merge=0 keeps them apart.
//
// Context: one thread at a time, outside of programs; not from a signal handler.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/kern/containers.hpp>
#include <sockops/object/bpf_object.hpp>

namespace sockops {

class coverage {
  public:
	struct function {
		u32 line = 0; ///< where it begins
		u64 count = 0;
		bool operator==(const function&) const = default;
	};
	struct branch {
		u32 line = 0;
		u64 block = 0;   ///< of ours: the column of the condition
		u64 outcome = 0; ///< of ours: 0, 1; of a switch more
		auto operator<=>(const branch&) const = default;
	};
	struct file {
		std::map<u32, u64> lines{}; ///< by number
		std::map<std::string, function> functions{};
		std::map<branch, std::optional<u64>> branches{}; ///< nullopt: its condition was never come to
		bool operator==(const file&) const = default;
	};
	/// By a test's name, "" for what programs here have run, and path.
	using file_map = std::map<std::pair<std::string, std::string>, file>;
	/// What a file is called, from what the compiler called it; "" leaves it out.
	using naming = std::function<std::string(const std::string& file)>;

	/// Of the compiler's name without "." and "..": system_headers_left_out().
	coverage() : coverage(system_headers_left_out) {}
	explicit coverage(naming of_files) : name_of_(std::move(of_files)) {}

	/// The path without "." and ".."; "" of a file in /usr/include, /usr/local/include or /usr/lib.
	[[nodiscard]] static std::string system_headers_left_out(const std::string& file);

	/// What the program has counted since it was loaded, with nothing of one that is not watched or has no
	/// source lines. Each program is to be added once, when its runs are over.
	void add(const bpf_prog& prog);
	/// The same of all programs of an object that is loaded.
	void add(const bpf_object& object);
	/// What a file of lcov's format 1.x has in it; `name`: for messages. Throws object_error with the line
	/// that is none of these; then nothing is added.
	void add_tracefile(std::string_view text, const std::string& name);

	/// All that has been added.
	[[nodiscard]] const file_map& files() const noexcept { return files_; }
	/// In lcov's format 1.x.
	[[nodiscard]] std::string tracefile() const;
	/// Adds to the file at `path`, which is made if it is not there. Several processes may do so at a time.
	/// Throws object_error if it cannot be read or written, or holds something else; then it is as it was.
	void add_to(const std::string& path) const;

  private:
	void add(const file_map& more);

	naming name_of_;
	file_map files_;
};

} // namespace sockops
