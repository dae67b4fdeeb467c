// SPDX-License-Identifier: MIT
// Several objects, each with its cgroup: what a machine has attached in one tree. Names of programs, maps and
// variables are told apart by the object's: "web:conns". Where only one object has it, "conns" is enough.
//
//     object_set all;
//     all.add(bpf_object::open_file("tune.bpf.o"), "/");
//     all.add(bpf_object::open_file("web.bpf.o"), "/web");
//     all.load();
//     all.attach(root);
//     all.map("web:conns")
//
// Context: one thread at a time, outside of programs; not from a signal handler.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sockops/cgroup/link.hpp>
#include <sockops/kern/containers.hpp>
#include <sockops/object/bpf_object.hpp>
#include <sockops/object/map_view.hpp>

namespace sockops {

class object_set {
  public:
	struct member {
		std::string name; ///< the object's here: its file's up to the first '.'; a second "tune" is "tune#2"
		std::string cgroup; ///< "/", "/web"
		bpf_object object;
		std::vector<std::string> progs{}; ///< that attach() attaches, in this order; empty: all
	};

	/// "/", "/web/api": from the root, without an empty name.
	[[nodiscard]] static bool is_path(std::string_view path) noexcept;

	/// `cgroup`: a path from the root. `name`: "" for its file's. Throws object_error for a path that is
	/// none, and for a name that is another's or has a ':'.
	member& add(bpf_object object, std::string cgroup = "/", std::string name = {});
	/// Each of them. Throws object_error.
	void load();
	/// All programs, or a member's `progs`: object by object, each to its cgroup, which is made if it is not
	/// there. After load(). Throws object_error, also where an attach is refused; what was attached before it
	/// stays until the links end. Where a release has no BPF_F_ALLOW_MULTI (4.15), two programs that would
	/// run for one socket are refused before.
	[[nodiscard]] std::vector<bpf_link> attach(const cgroup_root& root) const;
	/// One of them: what attach() attaches of it, or `progs`; to `cgroup`.
	[[nodiscard]] static std::vector<bpf_link> attach(const member& of, const std::vector<std::string>& progs,
													  cgroup& to);

	/// All of them, in the order in which they came.
	[[nodiscard]] const std::deque<member>& members() const noexcept { return members_; }
	/// The same, to be changed before load().
	[[nodiscard]] std::deque<member>& members() noexcept { return members_; }
	/// By its name; "": the only one. Throws object_error.
	[[nodiscard]] member& operator[](std::string_view name);

	/// Whose program, map or variable it is, and its name there: "web:conns", or "conns" if only one object
	/// has it. Of variables, "conn.count" is one of "conn". Throws object_error if none or several have it.
	using found = std::pair<member*, std::string>;
	[[nodiscard]] found program(std::string_view name);
	[[nodiscard]] found map(std::string_view name);
	[[nodiscard]] found variable(std::string_view name);

	/// The shortest name by which it is found: "conns", or "web:conns" if another object has one, too. After
	/// load().
	[[nodiscard]] std::string name_of_map(const member& of, const std::string& name);
	[[nodiscard]] std::string name_of_variable(const member& of, const std::string& path);
	[[nodiscard]] std::string name_of_program(const member& of, const std::string& name);
	/// Of a program that runs; its own name if it is of none of them.
	[[nodiscard]] std::string name_of(const bpf_prog& program);

  private:
	/// Has the object something of that name?
	using question = bool (*)(member&, const std::string&);
	found find(std::string_view name, const char* what, question has);
	std::string shortest(const member& of, const std::string& name, question has);

	std::deque<member> members_; ///< a reference to one stays good
};

} // namespace sockops
