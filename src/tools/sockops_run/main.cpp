// SPDX-License-Identifier: MIT
// sockops-run: what an object file's programs do in a TCP connection, callback by callback.
//
//   $ sockops-run conn_stats.bpf.o --maps

#include <iostream>

#include <sockops/object/bpf_object.hpp>
#include <sockops/object/vmlinux_h.hpp>
#include <sockops/testing/timeline.hpp>

#include "../../testing/objects/crash_report.hpp"
#include "helper_list.hpp"
#include "notice_lines.hpp"
#include "run.hpp"

namespace {

int run_as_asked(const sockops_run::arguments& with) {
	using namespace sockops_run;
	int status = 0;
	if (with.help)
		std::cout << usage;
	else if (with.helpers)
		print_helpers(std::cout);
	else if (with.vmlinux_h)
		std::cout << sockops::vmlinux_h(with.shuffle);
	else
		status = run(with, with.json ? *make_json_output(std::cout) : *make_text_output(std::cout));
	if (!std::cout.flush())
		throw std::runtime_error("what happens could not be written to standard output: is its disk full?");
	return status;
}

} // namespace

int main(int argc, char** argv) {
	using namespace sockops_run;
	arguments with;
	try {
		with = parse_arguments(argc, argv);
	} catch (const usage_error& wrong) {
		std::cerr << "sockops-run: " << wrong.what() << "; --help tells more\n";
		return 2;
	}
	try {
		begin_with_sanitizer(with.build, argv);
		if (with.build.native) {
			std::cout << std::unitbuf; // a program that crashes takes with it what is not written
			sockops::testing::report_crashes();
		}
		return run_as_asked(with);
	} catch (const sockops::testing::timeline_error& wrong) {
		std::cerr << "sockops-run: " << (wrong.line == 0 ? "" : with.timeline + ": ") << wrong.what() << '\n';
	} catch (const sockops::object_error& wrong) {
		for (const std::string& notice : sockops_run::notice_lines(wrong.notices))
			std::cerr << "sockops-run: note: " << notice << '\n';
		std::cerr << "sockops-run: " << wrong.what() << '\n';
	} catch (const std::exception& wrong) {
		std::cerr << "sockops-run: " << wrong.what() << '\n';
	}
	return 1;
}
