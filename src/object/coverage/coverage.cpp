// SPDX-License-Identifier: MIT
#include <sockops/object/coverage.hpp>

#include <filesystem>

#include "../../vm/ebpf_prog.hpp"
#include "../../vm/watch/watched_code.hpp"
#include "locked_file.hpp"
#include "program_coverage.hpp"
#include "tracefile.hpp"

namespace sockops {

using namespace object;

std::string coverage::system_headers_left_out(const std::string& file) {
	std::string path = std::filesystem::path(file).lexically_normal().string();
	for (const char* const system : {"/usr/include/", "/usr/local/include/", "/usr/lib/"})
		if (path.starts_with(system))
			return {};
	return path;
}

void coverage::add(const bpf_prog& prog) {
	const vm::ebpf_prog* const own = vm::as_interpreted(prog);
	if (!own || !own->watched)
		return;
	std::vector<bpf_insn> insns;
	for (const vm::watched_step& step : own->watched->steps)
		insns.push_back(step.insn);
	const std::vector<bpf_insn_count> counts = bpf_prog_counts(prog);
	for (const auto& [path, covered] : cover({insns, counts, own->lines, own->functions}, name_of_))
		object::add_to(files_[{"", path}], covered);
}

void coverage::add(const bpf_object& object) {
	for (const std::string& name : object.prog_names())
		add(*object.prog(name).get());
}

void coverage::add(const file_map& more) {
	for (const auto& [key, covered] : more)
		object::add_to(files_[key], covered);
}

void coverage::add_tracefile(std::string_view text, const std::string& name) {
	add(read_tracefile(text, name));
}

std::string coverage::tracefile() const { return written_tracefile(files_); }

void coverage::add_to(const std::string& path) const {
	locked_file kept(path);
	coverage all;
	all.add_tracefile(kept.text(), path);
	all.add(files_);
	kept.replace(all.tracefile());
}

} // namespace sockops
