// SPDX-License-Identifier: MIT
#include "check.hpp"

#include <algorithm>

#include <sockops/object/bpf_pins.hpp>

#include "../../object/refusal_words.hpp"
#include "../command/words.hpp"
#include "annotate.hpp"
#include "kernel_asked.hpp"
#include "opened_objects.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::tools;

namespace {

using fate = checked_object::fate;

/// A file until it is checked.
struct opened_file {
	checked_object told;
	std::string built{};                  ///< the object file
	object_set::member* opened = nullptr; ///< nullptr: it is not to be checked
};

void note_failure(checked_object& of, const object_error& wrong, fate what) {
	of.what = what;
	of.why = wrong.what();
	of.source_file = wrong.source_file;
	of.source_line = wrong.source_line;
	of.notices = wrong.notices;
}

/// One without a sock_ops program is no failure: it may be one of many that a wildcard has found.
opened_file open(const std::string& file, object_set& objects, const object_options& options,
				 const arguments& with, program_builder& builder) {
	opened_file made{{.file = file}};
	try {
		made.built = builder.build(file);
		made.opened = &open_object(objects, made.built, "/", options, with.progs);
	} catch (const no_program_error& wrong) {
		note_failure(made.told, wrong, fate::passed_over);
	} catch (const object_error& wrong) {
		note_failure(made.told, wrong, fate::failed);
	} catch (const std::runtime_error& wrong) { // of a compiler
		made.told.what = fate::failed;
		made.told.why = wrong.what();
	}
	return made;
}

/// Of several objects --prog may name programs of some.
void pass_over_what_is_not_named(std::vector<opened_file>& files, object_set& objects,
								 const arguments& with) {
	for (const std::string& name : with.progs)
		(void)objects.program(name);
	for (opened_file& each : files)
		if (each.opened && !with.progs.empty() && chosen_programs(*each.opened, with.progs).empty()) {
			each.told.what = fate::passed_over;
			each.told.why = each.told.file + ": it has none of the programs that --prog names";
			each.opened = nullptr;
		}
}

std::vector<opened_file> open_all(object_set& objects, const object_options& options, const arguments& with,
								  program_builder& builder) {
	std::vector<opened_file> files;
	for (const placed_file& each : with.objects)
		files.push_back(open(each.file, objects, options, with, builder));
	pass_over_what_is_not_named(files, objects, with);
	set_globals(objects, with);
	return files;
}

void check(opened_file& file) {
	bpf_object& object = file.opened->object;
	try {
		for (program_verdict& each : check_opened(object))
			file.told.programs.push_back({std::move(each), {}});
		file.told.notices = object.notices();
		std::erase_if(file.told.notices, [](const object_notice& notice) {
			return notice.kind == notice_kind::program_not_chosen; // by --prog
		});
	} catch (const object_error& wrong) {
		note_failure(file.told, wrong, fate::failed);
	}
}

/// The kernel's answers beside ours, program by program.
void put_beside(const std::vector<opened_file*>& files, std::vector<asked_object> asked) {
	for (std::size_t at = 0; at != files.size(); ++at) {
		checked_object& told = files[at]->told;
		told.not_asked = asked[at].why_not;
		for (kernel_answer& answer : asked[at].answers)
			for (checked_program& each : told.programs)
				if (each.here.program == answer.program)
					each.kernel = std::move(answer);
	}
}

void ask_about(std::vector<opened_file>& files, const arguments& with) {
	std::vector<opened_file*> checked;
	std::vector<std::string> paths;
	for (opened_file& each : files)
		if (each.opened && each.told.what == fate::checked) {
			checked.push_back(&each);
			paths.push_back(each.built);
		}
	put_beside(checked, ask_about(paths, with));
}

bool is_refused_by_kernel_alone(const checked_program& of) {
	return !of.here.refused && of.kernel && differs(*of.kernel, true);
}

void count(const checked_object& of, check_end& end) {
	end.failed += of.what == fate::failed;
	end.passed_over += of.what == fate::passed_over;
	end.not_asked += !of.not_asked.empty();
	for (const checked_program& each : of.programs) {
		++(each.here.refused ? end.refused : end.taken);
		end.kernel_refused += is_refused_by_kernel_alone(each);
	}
}

const char* title_of(const bpf_load_error& refused) {
	return refused.refused_by == bpf_load_error::by::kernel ? "a kernel refuses it" : "it cannot be loaded";
}

void annotate(const opened_file& file, const arguments& with) {
	const std::vector<std::string> around{file.told.file};
	if (file.told.what == fate::failed)
		annotate({"it cannot be loaded", file.told.why, file.told.source_file, file.told.source_line}, around,
				 with);
	for (const checked_program& each : file.told.programs)
		if (const auto& refused = each.here.refused)
			annotate({title_of(*refused), refused->message + object::below_the_reason(*refused),
					  refused->line.file, refused->line.line},
					 around, with);
		else if (is_refused_by_kernel_alone(each))
			annotate(failure_of(*each.kernel, each.here.program), around, with);
}

} // namespace

int check(const arguments& with, check_output& to) {
	object_set objects;
	bpf_pins pins; // nothing is ever pinned
	object_options options = options_of_objects(with);
	options.pins = &pins;
	options.watch.reset();
	program_builder builder(with.build);
	std::vector<opened_file> files = open_all(objects, options, with, builder);
	for (opened_file& each : files)
		if (each.opened)
			check(each);
	if (with.ask_kernel)
		ask_about(files, with);
	to.start({files.size(), with.ask_kernel ? running_kernel() : ""});
	check_end end;
	for (const opened_file& each : files) {
		to.object(each.told);
		annotate(each, with);
		count(each.told, end);
	}
	const bool all_taken =
		end.taken != 0 && end.refused + end.kernel_refused + end.failed + end.not_asked == 0;
	end.exit_status = all_taken ? 0 : 1;
	to.end(end);
	return end.exit_status;
}

} // namespace sockops_run
