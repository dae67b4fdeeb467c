// SPDX-License-Identifier: MIT
// sockops-run: what an object file's programs do in a TCP connection, callback by callback.
//
//   $ sockops-run conn_stats.bpf.o --maps

#include <cstdlib>
#include <iostream>

#include <unistd.h>

#include <sockops/object/bpf_object.hpp>
#include <sockops/object/vmlinux_h.hpp>
#include <sockops/testing/timeline.hpp>

#include "../../object/debug/debug_data.hpp"
#include "../../testing/objects/crash_report.hpp"
#include "../command/version_text.hpp"
#include "annotate.hpp"
#include "check.hpp"
#include "code/native_code.hpp"
#include "contents.hpp"
#include "helper_list.hpp"
#include "notice_lines.hpp"
#include "run.hpp"
#include "run_tests.hpp"

namespace {

using namespace sockops_run;

std::string version() {
	return sockops::tools::version_text(
		this_command().name,
		std::string(how_linked())
			.append("\n--native: ")
			.append(native_in_words())
			.append("\nDWARF, for names of variables on the stack: ")
			.append(sockops::object::reads_dwarf() ? "yes, by libdw"
												   : "no, this is made without libdw (Debian: libdw-dev)")
			.append("\n"));
}

/// Is what is wrong to be red?
bool in_colour(const arguments& with) {
	if (with.colour != when::automatic)
		return with.colour == when::always;
	const char* const unwanted = std::getenv("NO_COLOR");
	return (!unwanted || !*unwanted) && isatty(STDOUT_FILENO) == 1;
}

int run_as_asked(const arguments& with) {
	int status = 0;
	if (with.help)
		std::cout << help_text(this_command());
	else if (with.version)
		std::cout << version();
	else if (!with.generate.empty())
		std::cout << generated(this_command(), with.generate);
	else if (with.helpers)
		print_helpers(std::cout);
	else if (with.vmlinux_h)
		std::cout << sockops::vmlinux_h(with.shuffle);
	else if (with.contents)
		print_contents(with, std::cout);
	else if (with.check)
		status = check(with, with.json ? *make_json_check_output(std::cout)
									   : *make_text_check_output(std::cout, in_colour(with)));
	else if (!with.tests.empty())
		status = run_tests(with, with.json ? *make_json_test_output(std::cout)
										   : *make_text_test_output(std::cout, in_colour(with)));
	else
		status = run(with, with.json ? *make_json_output(std::cout)
									 : *make_text_output(std::cout, in_colour(with)));
	if (!std::cout.flush())
		throw std::runtime_error("what happens could not be written to standard output: is its disk full?");
	return status;
}

} // namespace

int main(int argc, char** argv) {
	arguments with;
	try {
		with = parse_arguments(argc, argv);
		begin_natively(with.build, argv);
		if (with.build.native) {
			std::cout << std::unitbuf; // a program that crashes takes with it what is not written
			sockops::testing::report_crashes();
		}
		return run_as_asked(with);
	} catch (const usage_error& wrong) {
		std::cerr << "sockops-run: " << wrong.what() << "; --help tells more\n";
		return 2;
	} catch (const sockops::testing::timeline_error& wrong) {
		std::cerr << "sockops-run: " << (wrong.line == 0 ? "" : with.timeline + ": ") << wrong.what() << '\n';
		annotate({"no timeline", wrong.what(), with.timeline, wrong.line}, with);
	} catch (const sockops::object_error& wrong) {
		for (const std::string& notice : sockops_run::notice_lines(wrong.notices))
			std::cerr << "sockops-run: note: " << notice << '\n';
		std::cerr << "sockops-run: " << wrong.what() << '\n';
		annotate({"it cannot be loaded", wrong.what(), wrong.source_file, wrong.source_line}, with);
	} catch (const std::exception& wrong) {
		std::cerr << "sockops-run: " << wrong.what() << '\n';
		annotate({"it cannot be run", wrong.what()}, with);
	}
	return 1;
}
