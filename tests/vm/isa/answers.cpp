// SPDX-License-Identifier: MIT
#include "answers.hpp"

#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace isa {

namespace {

using sockops::u32;
using sockops::u64;

std::ofstream file_to_write(const std::string& path, const std::string& comment) {
	std::ofstream file(path);
	file << "# SPDX-License-Identifier: MIT\n# " << comment << "\n" << std::hex;
	return file;
}

/// Calls `take` with each line that is no comment.
template <class Take>
void for_each_line(const std::string& path, Take take) {
	std::ifstream file(path);
	if (!file)
		throw std::runtime_error("cannot read " + path);
	for (std::string line; std::getline(file, line);) {
		if (line.starts_with('#'))
			continue;
		std::istringstream words(line);
		words >> std::hex;
		if (!take(words))
			throw std::runtime_error(path + ": not as RECORDED.md says: '" + line + "'");
	}
}

std::string rest_of(std::istringstream& words) {
	std::string rest;
	std::getline(words >> std::ws, rest);
	return rest;
}

} // namespace

comparison compare(const test_case& each, const sockops::raw_run_result& here, const kernel_answer& kernel) {
	if (kernel.kind == kernel_answer::refused)
		return !here.ok && each.expected == test_case::refused ? comparison::same : comparison::left_out;
	const u64 r0 = kernel.kind == kernel_answer::all_of_r0 ? here.r0 : static_cast<u32>(here.r0);
	return here.ok && r0 == kernel.r0 ? comparison::same : comparison::different;
}

void digest::add(u64 result) noexcept {
	++count;
	for (int i = 0; i != 8; ++i)
		hash = (hash ^ (result >> (8 * i) & 0xff)) * 0x100000001b3;
}

void add_results(form_digests& to, const batch& of, const std::vector<std::byte>& memory) {
	for (std::size_t i = 0; i != of.forms.size(); ++i)
		to[of.form_name(i)].add(batch::result(memory, i));
}

void add_registers(form_digests& to, unsigned number, const std::vector<std::byte>& memory) {
	digest& of = to["program " + std::to_string(number)];
	for (std::size_t at = 0; at != memory.size(); at += sizeof(u64)) {
		u64 value;
		std::memcpy(&value, memory.data() + at, sizeof value);
		of.add(value);
	}
}

void write_answers(const std::string& path, const std::string& comment, const case_answers& answers) {
	static constexpr const char* kinds[] = {"r0", "low", "refused"};
	std::ofstream file = file_to_write(path, comment);
	for (const auto& [name, answer] : answers) {
		file << name << ' ' << kinds[answer.kind] << ' ';
		(answer.kind == kernel_answer::refused ? file << answer.reason : file << answer.r0) << '\n';
	}
}

case_answers read_answers(const std::string& path) {
	case_answers answers;
	for_each_line(path, [&](std::istringstream& words) {
		std::string name, kind;
		kernel_answer answer{};
		words >> name >> kind;
		if (kind == "refused") {
			answer.kind = kernel_answer::refused;
			answer.reason = rest_of(words);
		} else {
			answer.kind = kind == "low" ? kernel_answer::low_half_of_r0 : kernel_answer::all_of_r0;
			words >> answer.r0;
		}
		return !words.bad() && (kind == "refused" || (!words.fail() && (kind == "low" || kind == "r0"))) &&
			   answers.emplace(name, answer).second;
	});
	return answers;
}

void write_digests(const std::string& path, const std::string& comment, const form_digests& digests) {
	std::ofstream file = file_to_write(path, comment);
	for (const auto& [name, each] : digests)
		file << each.count << ' ' << each.hash << ' ' << name << '\n';
}

form_digests read_digests(const std::string& path) {
	form_digests digests;
	for_each_line(path, [&](std::istringstream& words) {
		digest each;
		words >> each.count >> each.hash;
		return words && digests.emplace(rest_of(words), each).second;
	});
	return digests;
}

} // namespace isa
