// SPDX-License-Identifier: MIT
#include "program_coverage.hpp"

#include <algorithm>
#include <vector>

#include "source_places.hpp"

namespace sockops::object {

namespace {

class source_counter {
  public:
	source_counter(const counted_program& of, const coverage::naming& name_of) : places_(of, name_of) {}

	std::map<std::string, coverage::file> count() {
		for (u32 block = 0; block != flow_.blocks.size();)
			count_lines(block);
		count_functions();
		count_branches(places_, files_);
		return std::move(files_);
	}

  private:
	/// Those of one function, whose first block is `next`. Of a line its most frequent place counts.
	void count_lines(u32& next) {
		std::map<source_place, u64> entered;
		const u32 function = flow_.blocks[next].function;
		for (; next != flow_.blocks.size() && flow_.blocks[next].function == function; ++next)
			count_places(next, entered);
		std::map<std::pair<std::string_view, u32>, u64> lines;
		for (const auto& [place, count] : entered) {
			u64& most = lines[{place.file, place.line}];
			most = std::max(most, count);
		}
		for (const auto& [line, count] : lines)
			file(line.first).lines[line.second] += count;
	}

	/// In a block each counts once, however the compiler has mixed its instructions with others'; and where
	/// it goes on from another block, it has been counted there.
	void count_places(u32 number, std::map<source_place, u64>& to) {
		const basic_block& block = flow_.blocks[number];
		std::vector<source_place> seen;
		for (u32 at = block.first; at != block.end; ++at) {
			const known_place& place = places_[at];
			if (!place || std::ranges::find(seen, *place) != seen.end())
				continue;
			u64 count = program_.counts[at].executed;
			if (seen.empty())
				count -= std::min(count, continued(number, *place));
			seen.push_back(*place);
			to[*place] += count;
		}
	}
	/// How often control came to the block from the same place, without a turn of a loop in it.
	u64 continued(u32 block, const source_place& place) const {
		u64 sum = 0;
		for (const flow_edge& edge : flow_.blocks[block].from)
			if (last_of(edge.from) == place && !is_turn(edge.from, block, place))
				sum += edge.count;
		return sum;
	}
	const known_place& last_of(u32 number) const {
		const basic_block& block = flow_.blocks[number];
		u32 at = block.last;
		while (at != block.first && !places_[at])
			--at;
		return places_[at];
	}
	/// Does a jump back close a loop that is all in this place?
	bool is_turn(u32 from, u32 to, const source_place& place) const {
		if (from == to)
			return true;
		if (from < to || !is_all_of(from, place) || !is_all_of(to, place))
			return false;
		std::vector<u32> way{from}; // backwards, from where it jumps
		for (std::size_t next = 0; next != way.size(); ++next)
			for (const flow_edge& edge : flow_.blocks[way[next]].from) {
				if (edge.from == to)
					return true;
				if (edge.from > to && edge.from < from && is_all_of(edge.from, place) &&
					std::ranges::find(way, edge.from) == way.end())
					way.push_back(edge.from);
			}
		return false;
	}
	bool is_all_of(u32 number, const source_place& place) const {
		const basic_block& block = flow_.blocks[number];
		for (u32 at = block.first; at != block.end; ++at)
			if (places_[at] && places_[at] != place)
				return false;
		return true;
	}

	/// Its first line is that of its opening brace, or near it.
	void count_functions() {
		for (u32 i = 0; i != program_.functions.size(); ++i) {
			const bpf_function& function = program_.functions[i];
			const u32 end = i + 1 == program_.functions.size() ? static_cast<u32>(program_.insns.size())
															   : program_.functions[i + 1].insn;
			for (u32 at = function.insn; at < end; ++at)
				if (const known_place& place = places_[at]) {
					coverage::function& to = file(place->file).functions[function.name];
					to = {place->line, to.count + entries_of(function.insn)};
					break;
				}
		}
	}
	u64 entries_of(u32 function) const {
		u64 count = program_.counts[function].executed;
		for (const flow_edge& edge : flow_.blocks[flow_.block_of[function]].from)
			count -= std::min(count, edge.count);
		return count;
	}

	coverage::file& file(std::string_view name) { return files_[std::string(name)]; }

	const source_places places_;
	const counted_program& program_ = places_.program;
	const flow_counts& flow_ = places_.flow;
	std::map<std::string, coverage::file> files_;
};

} // namespace

std::map<std::string, coverage::file> cover(const counted_program& program, const coverage::naming& name_of) {
	if (program.lines.empty() || program.functions.empty() || program.counts.size() != program.insns.size())
		return {};
	return source_counter(program, name_of).count();
}

void add_to(coverage::file& to, const coverage::file& more) {
	for (const auto& [line, count] : more.lines)
		to.lines[line] += count;
	for (const auto& [name, function] : more.functions) {
		coverage::function& sum = to.functions[name];
		sum = {function.line, sum.count + function.count};
	}
	for (const auto& [branch, count] : more.branches) {
		std::optional<u64>& sum = to.branches[branch];
		if (count)
			sum = sum.value_or(0) + *count;
	}
}

} // namespace sockops::object
