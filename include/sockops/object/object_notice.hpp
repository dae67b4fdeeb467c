// SPDX-License-Identifier: MIT
// struct object_notice: what of an object file is left out or taken otherwise than by a loader. In full it is
// a sentence; by its kind and what it is about, many can be told in one.
//
// Context: any thread; takes memory, so not in a signal handler.
#pragma once

#include <ostream>
#include <string>
#include <utility>

#include <sockops/kern/types.hpp>

namespace sockops {

enum class notice_kind : u8 {
	other,                 ///< told by its text alone
	program_of_other_type, ///< left out; detail: "XDP"
	program_not_chosen,    ///< not among object_options::programs
	optional_program,      ///< its section begins with '?': left out
	unknown_section,       ///< a program, left out; detail: its section
	older_section,         ///< a program, loaded; libbpf from 1.0 on refuses its section; detail: its section
	struct_ops,            ///< a variable, left out
	map_not_modelled,      ///< left out; detail: "LPM_TRIE"
	map_of_older_loaders,  ///< declared in a section 'maps'
	map_of_other_loaders,  ///< declared as libbpf refuses it; detail: what
	map_not_shared,        ///< pinned by its name, and opened without object_options::pins
	kconfig_not_set,       ///< a __weak variable with __kconfig: 0
};

struct object_notice {
	object_notice(std::string in_full, notice_kind of = notice_kind::other, std::string what = {},
				  std::string more = {})
		: text(std::move(in_full)), kind(of), about(std::move(what)), detail(std::move(more)) {}

	std::string text;
	notice_kind kind;
	std::string about;  ///< the name of the program, map or variable; "" of other
	std::string detail; ///< what the kind says

	friend bool operator==(const object_notice& a, const object_notice& b) noexcept {
		return a.text == b.text;
	}
	friend bool operator==(const object_notice& notice, const std::string& in_full) noexcept {
		return notice.text == in_full;
	}
	friend std::ostream& operator<<(std::ostream& out, const object_notice& notice) {
		return out << notice.text;
	}
};

} // namespace sockops
