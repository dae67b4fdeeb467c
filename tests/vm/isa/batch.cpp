// SPDX-License-Identifier: MIT
#include "batch.hpp"

#include <cstring>
#include <iterator>
#include <random>

#include "assembler.hpp"

namespace isa {

namespace {

using namespace sockops;

constexpr u64 boundaries[] = {0,
							  1,
							  2,
							  7,
							  31,
							  32,
							  33,
							  63,
							  64,
							  65,
							  0x7f,
							  0x80,
							  0xff,
							  0x7fff,
							  0x8000,
							  0xffff,
							  0x1'0000,
							  0x7fff'ffff,
							  0x8000'0000,
							  0x8000'0001,
							  0xffff'ffff,
							  0x1'0000'0000,
							  0x1'8000'0000,
							  0x0123'4567'89ab'cdef,
							  0x7fff'ffff'ffff'ffff,
							  0x8000'0000'0000'0000,
							  0x8000'0000'0000'0001,
							  0xffff'ffff'0000'0000,
							  0xffff'ffff'7fff'ffff,
							  0xffff'ffff'8000'0000,
							  0xffff'ffff'ffff'ff80,
							  0xffff'ffff'ffff'fffe,
							  0xffff'ffff'ffff'ffff};

constexpr s32 immediate_values[] = {0,           1,
									2,           3,
									7,           31,
									32,          63,
									64,          100,
									0x7f,        0x80,
									0xff,        0x7fff,
									0x8000,      0xffff,
									0x10000,     0x12345678,
									0x7fffffff,  -1,
									-2,          -7,
									-128,        -0x8000,
									-0x7fffffff, -0x7fffffff - 1};

bool may_be_immediate(const form& each, s32 value) {
	switch (each.k) {
	case immediates::none:
		return false;
	case immediates::any:
		return true;
	case immediates::not_zero:
		return value != 0;
	case immediates::below_32:
		return value >= 0 && value < 32;
	case immediates::below_64:
		return value >= 0 && value < 64;
	}
	return false;
}

/// The text with `with` in the place of the second operand.
std::string with_second(std::string text, const std::string& with) {
	for (const char* const name : {"r2", "w2"})
		for (std::size_t at; (at = text.find(name)) != std::string::npos;)
			text.replace(at, 2, with);
	return text;
}

std::string code_of(const form& each, const std::string& text, std::size_t index) {
	const std::string body = each.comparison ? "r3 = 1; if " + text + " goto +1; r3 = 0; r1 = r3" : text;
	return "r1 = *(u64 *)(r9 + 0); r2 = *(u64 *)(r9 + 8)\n" + body + "\n*(u64 *)(r9 + " +
		   std::to_string(8 * (2 + index)) + ") = r1\n";
}

class program_text {
  public:
	void add(const form& each, const std::string& text) {
		text_ += code_of(each, text, made_.forms.size());
		made_.forms.push_back(&each);
	}
	batch finish(bool immediate) {
		made_.insns = assemble(text_ + "r0 = 0; exit");
		made_.immediate = immediate;
		return std::move(made_);
	}

  private:
	std::string text_ = "r9 = r1\n";
	batch made_{};
};

template <class Visit>
void for_each_form(Visit visit) {
	for (const auto forms : {arithmetic_forms(), comparison_forms(), memory_forms()})
		for (const form& each : forms)
			visit(each);
}

batch of_registers() {
	program_text text;
	for_each_form([&](const form& each) { text.add(each, std::string(each.text)); });
	batch made = text.finish(false);
	for (const u64 left : boundaries)
		for (const u64 right : boundaries)
			made.runs.push_back({left, right});
	std::mt19937_64 random(9669);
	for (std::size_t i = 0; i != std::size(boundaries) * std::size(boundaries); ++i) {
		const u64 left = random() >> random() % 64, right = random() >> random() % 64;
		made.runs.push_back({random() % 2 ? left : ~left, random() % 2 ? right : ~right});
	}
	return made;
}

batch of_immediate(s32 value) {
	program_text text;
	for_each_form([&](const form& each) {
		if (may_be_immediate(each, value))
			text.add(each, with_second(std::string(each.text), std::to_string(value)));
	});
	batch made = text.finish(true);
	for (const u64 left : boundaries)
		made.runs.push_back({left, static_cast<u64>(s64{value})});
	return made;
}

} // namespace

std::vector<std::byte> batch::memory_of(const operands& run) const {
	std::vector<std::byte> memory(memory_size());
	std::memcpy(memory.data(), &run, sizeof run);
	return memory;
}

u64 batch::result(const std::vector<std::byte>& memory, std::size_t form_index) {
	u64 value;
	std::memcpy(&value, memory.data() + 8 * (2 + form_index), sizeof value);
	return value;
}

std::string batch::form_name(std::size_t form_index) const {
	const std::string text(forms[form_index]->text);
	const std::string name = immediate ? with_second(text, "k") : text;
	return forms[form_index]->comparison ? "if " + name : name;
}

std::vector<batch> all_batches() {
	std::vector<batch> all;
	all.push_back(of_registers());
	for (const s32 value : immediate_values)
		all.push_back(of_immediate(value));
	return all;
}

} // namespace isa
