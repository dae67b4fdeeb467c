// SPDX-License-Identifier: MIT
#include "contents.hpp"

#include <iostream>

#include "../../object/object_contents.hpp"

namespace sockops_run {

using sockops::object::named_content;
using sockops::object::object_contents;

namespace {

const char* kind_name(named_content::kind of) {
	switch (of) {
	case named_content::kind::map:
		return "map";
	case named_content::kind::program:
		return "program";
	case named_content::kind::constant:
		return "constant";
	case named_content::kind::option:
		return "option";
	case named_content::kind::variable:
		break;
	}
	return "variable";
}

/// Of an object that has no sock_ops program: nothing, and that is said.
std::vector<named_content> contents_of(const std::string& file) {
	try {
		return object_contents::of(sockops::bpf_object::open_file(file));
	} catch (const sockops::no_program_error& none) {
		std::cerr << "sockops-run: note: " << none.what() << '\n';
		return {};
	}
}

} // namespace

void print_contents(const arguments& with, std::ostream& out) {
	program_builder builder(with.build);
	for (const placed_file& each : with.objects)
		for (const named_content& one : contents_of(builder.build(each.file)))
			out << kind_name(one.is) << ' ' << one.name << '\n';
}

} // namespace sockops_run
