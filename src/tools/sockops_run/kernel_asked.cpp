// SPDX-License-Identifier: MIT
#include "kernel_asked.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "../../kern/release_words.hpp"
#include "../../vm/ebpf_prog.hpp"
#include "../command/words.hpp"
#include "opened_objects.hpp"
#include "written_file.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::tools;

namespace {

asked_object ask(bpf_object& object) {
	asked_object asked;
	try {
		asked.answers = ask_kernel(object);
	} catch (const object_error& wrong) {
		if (wrong.error == EPERM || wrong.error == EACCES)
			throw;
		asked.why_not = wrong.what();
	}
	return asked;
}

/// "6.18" of "6.18.44-cloud".
std::string_view release_of(std::string_view kernel) {
	return kernel.substr(0, kernel.find_first_not_of("0123456789", kernel.find('.') + 1));
}

std::string looked_at(const kernel_answer& answer) {
	return answer.processed == 0
			   ? std::string()
			   : in_a_row({std::to_string(answer.processed),
						   answer.processed == 1 ? " instruction" : " instructions", " looked at"});
}

/// "R1 invalid mem access (tune.bpf.c:12, 'x = *p;'; 7 instructions looked at)"
std::string reason_of(const kernel_answer& answer) {
	std::string where;
	if (answer.line.line != 0)
		where = vm::line_in_words(answer.line);
	else if (answer.insn)
		where = in_a_row({"instruction ", std::to_string(*answer.insn)});
	std::vector<std::string> about;
	for (std::string each : {where, looked_at(answer)})
		if (!each.empty())
			about.push_back(std::move(each));
	return about.empty() ? answer.words : in_a_row({answer.words, " (", with_between(about, "; "), ")"});
}

/// The rules of this library are those of another release.
std::string other_release(const std::string& kernel) {
	const std::string modelled = detail::release_in_words(modelled_release);
	return release_of(kernel) == modelled ? std::string()
										  : in_a_row({"; what is said here is as of ", modelled});
}

} // namespace

std::vector<asked_object> ask_about(const std::vector<std::string>& files, const arguments& with) {
	object_set objects;
	object_options options = options_of_objects(with);
	options.form = program_form::interpreted;
	options.watch.reset();
	for (const std::string& file : files)
		(void)open_object(objects, file, "/", options, with.progs);
	set_globals(objects, with);
	std::ofstream log = written_file("--kernel-log", with.kernel_log);
	std::vector<asked_object> all;
	for (object_set::member& each : objects.members()) {
		for (const kernel_answer& answer : all.emplace_back(ask(each.object)).answers)
			if (log.is_open())
				log << "==> " << each.object.name() << ": " << answer.program << " <==\n"
					<< answer.log << '\n';
	}
	if (log.is_open() && !log.flush())
		throw std::runtime_error(
			in_a_row({"'--kernel-log ", with.kernel_log, "': not all could be written"}));
	return all;
}

std::string in_words(const kernel_answer& answer) {
	const std::string numbers = looked_at(answer);
	if (!answer.asked)
		return in_a_row({"Linux ", running_kernel(), " is not asked: ", answer.words});
	return answer.taken()
			   ? in_a_row({"Linux ", running_kernel(), " takes it", numbers.empty() ? "" : ": ", numbers})
			   : in_a_row({"Linux ", running_kernel(), " refuses it: ", reason_of(answer)});
}

std::string beside_ours(const kernel_answer& answer, const bpf_load_error* here) {
	const std::string kernel = running_kernel();
	const std::string linux_name = in_a_row({"Linux ", kernel});
	if (!answer.asked)
		return in_a_row({linux_name, " is not asked: ", answer.words});
	if (answer.taken() && !here) {
		const std::string numbers = looked_at(answer);
		return in_a_row({linux_name, " takes it, too", numbers.empty() ? "" : ": ", numbers});
	}
	if (!answer.taken() && here)
		return in_a_row({linux_name, " refuses it, too: ", reason_of(answer)});
	if (!answer.taken())
		return in_a_row(
			{linux_name, " refuses what is taken here: ", reason_of(answer), other_release(kernel)});
	return in_a_row({linux_name, " takes what is refused here",
					 here->refused_by == bpf_load_error::by::kernel ? other_release(kernel) : ""});
}

failure failure_of(const kernel_answer& answer, const std::string& name) {
	return {in_a_row({"this machine's kernel refuses it"}),
			in_a_row({name, ": Linux ", running_kernel(), ": ", reason_of(answer)}), answer.line.file,
			answer.line.line};
}

} // namespace sockops_run
