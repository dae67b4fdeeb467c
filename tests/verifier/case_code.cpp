// SPDX-License-Identifier: MIT
#include "case_code.hpp"

#include <iterator>
#include <map>

#include <sockops/bpf/helper_names.hpp>

#include "mnemonics.hpp"

namespace verdicts {

namespace {

using namespace sockops;

bool is_register(const std::string& word) {
	return word.size() >= 2 && word[0] == 'r' && word.find_first_not_of("0123456789", 1) == std::string::npos;
}

u8 register_of(const std::string& word) {
	if (!is_register(word))
		fail("'" + word + "' is no register");
	return static_cast<u8>(number_of(word.substr(1)) & 15);
}

s32 helper_of(const std::string& word) {
	if (word.starts_with('#'))
		return static_cast<s32>(number_of(word.substr(1)));
	for (std::size_t id = 1; id != std::size(detail::helper_names); ++id)
		if (detail::helper_names[id] == word)
			return static_cast<s32>(id);
	fail("no helper '" + word + "'");
}

bool is_label(const std::string& line) {
	return line.size() > 1 && line.back() == ':' && line.find_first_of(" \t") == std::string::npos;
}

class assembler {
  public:
	explicit assembler(const symbol_source& symbols) : symbols_(symbols) {}

	void line(const std::string& text) {
		if (text.starts_with("rep ")) {
			const std::size_t colon = text.find(": ");
			if (colon == std::string::npos)
				fail("'" + text + "': rep N: INSTRUCTION");
			for (u64 left = number_of(text.substr(4, colon - 4)); left != 0; --left)
				line(trimmed(text.substr(colon + 2)));
		} else if (text.starts_with(".func ")) {
			function(words_of(text.substr(6)));
		} else if (is_label(text)) {
			labels_[text.substr(0, text.size() - 1)] = here();
		} else {
			statement(text);
		}
	}

	case_code finish() {
		for (const target& each : targets_) {
			bpf_insn& insn = made_.insns[each.insn];
			const s32 distance = distance_of(each);
			if (each.in_imm)
				insn.imm = distance;
			else
				insn.off = static_cast<s16>(distance);
		}
		return std::move(made_);
	}

  private:
	struct target {
		u32 insn;
		std::string where;
		bool in_imm;
	};

	u32 here() const { return static_cast<u32>(made_.insns.size()); }
	void emit(u8 code, u8 dst = 0, u8 src = 0, s16 off = 0, u64 imm = 0) {
		made_.insns.push_back({code, static_cast<u8>(dst & 15), static_cast<u8>(src & 15), off,
							   static_cast<s32>(static_cast<u32>(imm))});
	}
	void emit64(u8 dst, u8 kind, u64 low = 0, u64 high = 0) {
		emit(ld_imm64::code, dst, kind, 0, low);
		emit(0, 0, 0, 0, high);
	}

	void function(const std::vector<std::string>& words) {
		if (words.size() < 3 || (words[1] != "static" && words[1] != "global"))
			fail(".func is followed by NAME static|global RETURN ARGUMENT...");
		made_.functions.push_back(
			{here(), words[0], words[1] == "global", words[2], {words.begin() + 3, words.end()}});
	}

	/// A number, or a symbol's.
	u64 value(const std::string& word) const {
		if (!word.starts_with('@'))
			return number_of(word);
		const std::optional<u32> known = symbols_(word.substr(1));
		if (!known)
			throw unknown_symbol(word + " is not there");
		return *known;
	}

	struct place {
		u8 base;
		s16 off;
	};
	/// "[r10-8]", "[r0 + @tcp_sock.snd_cwnd]".
	place place_of(const std::string& text) const {
		if (text.size() < 4 || text.front() != '[' || text.back() != ']')
			fail("'" + text + "' is no place");
		const std::string inside = text.substr(1, text.size() - 2);
		const std::size_t sign = std::min(inside.find_first_of("+-"), inside.size());
		const std::string off = trimmed(inside.substr(std::min(sign + 1, inside.size())));
		const u64 distance = off.empty() ? 0 : value(off);
		const bool below = sign != inside.size() && inside[sign] == '-';
		return {register_of(trimmed(inside.substr(0, sign))),
				static_cast<s16>(below ? 0 - distance : distance)};
	}

	void to(const std::string& where, bool in_imm) { targets_.push_back({here(), where, in_imm}); }
	s32 distance_of(const target& of) const {
		if (is_number(of.where) && (of.where[0] == '+' || of.where[0] == '-'))
			return static_cast<s32>(number_of(of.where));
		const auto found = labels_.find(of.where);
		if (found == labels_.end())
			fail("no label '" + of.where + "'");
		return static_cast<s32>(found->second) - static_cast<s32>(of.insn) - 1;
	}

	void statement(const std::string& text) {
		const std::size_t space = std::min(text.find(' '), text.size());
		const std::string name = text.substr(0, space), rest = trimmed(text.substr(space));
		const form* const how = find_form(name);
		if (!how)
			fail("no instruction '" + name + "'");
		std::vector<std::string> given = how->is == shape::five_fields ? words_of(rest) : parts_of(rest, ',');
		if (rest.empty())
			given.clear();
		if (given.size() != operands_of_shape[static_cast<std::size_t>(how->is)])
			fail("'" + text + "' has " + std::to_string(given.size()) + " operands");
		put(*how, given);
	}

	void put(const form& how, const std::vector<std::string>& given) {
		switch (how.is) {
		case shape::two:
			if (is_register(given[1]))
				return emit(how.code | insn_source::x, register_of(given[0]), register_of(given[1]), how.off);
			return emit(how.code, register_of(given[0]), 0, how.off, value(given[1]));
		case shape::one:
			return emit(how.code, register_of(given[0]), 0, 0, static_cast<u64>(how.imm));
		case shape::branch:
			to(given[2], false);
			if (is_register(given[1]))
				return emit(how.code | insn_source::x, register_of(given[0]), register_of(given[1]));
			return emit(how.code, register_of(given[0]), 0, 0, number_of(given[1]));
		case shape::load:
		case shape::store:
		case shape::atomic:
			return put_memory(how, given);
		case shape::jump:
			to(given[0], false);
			return emit(how.code);
		case shape::long_jump:
			to(given[0], true);
			return emit(how.code);
		case shape::nothing:
			return emit(how.code);
		case shape::five_fields:
			return put_raw(given);
		default:
			put_named(how, given);
		}
	}

	void put_memory(const form& how, const std::vector<std::string>& given) {
		const bool loads = how.is == shape::load;
		const place at = place_of(given[loads ? 1 : 0]);
		const std::string& other = given[loads ? 0 : 1];
		if (loads)
			emit(how.code, register_of(other), at.base, at.off, static_cast<u64>(how.imm));
		else if (how.is == shape::store && !is_register(other))
			emit(how.code, at.base, 0, at.off, number_of(other));
		else
			emit(how.code | (insn_class::stx & ~insn_class::st), at.base, register_of(other), at.off,
				 static_cast<u64>(how.imm));
	}

	void put_named(const form& how, const std::vector<std::string>& given) {
		switch (how.is) {
		case shape::helper:
			return emit(how.code, 0, call_kind::helper, 0, static_cast<u64>(helper_of(given[0])));
		case shape::kfunc:
			made_.kfuncs.push_back({here(), given[0]});
			return emit(how.code, 0, call_kind::kfunc);
		case shape::call:
			to(given[0], true);
			return emit(how.code, 0, call_kind::subprogram);
		case shape::number64: {
			const u64 number = number_of(given[1]);
			return emit64(register_of(given[0]), ld_imm64::number, number, number >> 32);
		}
		case shape::map:
			made_.maps.push_back({here(), given[1]});
			return emit64(register_of(given[0]), ld_imm64::map_fd);
		case shape::map_value: {
			const std::vector<std::string> parts = parts_of(given[1], '+');
			made_.maps.push_back({here(), parts[0]});
			return emit64(register_of(given[0]), ld_imm64::map_value, 0,
						  parts.size() > 1 ? number_of(parts[1]) : 0);
		}
		default:
			to(given[1], true);
			emit64(register_of(given[0]), ld_imm64::func);
		}
	}

	void put_raw(const std::vector<std::string>& given) {
		emit(static_cast<u8>(number_of(given[0])), static_cast<u8>(number_of(given[1])),
			 static_cast<u8>(number_of(given[2])), static_cast<s16>(number_of(given[3])),
			 number_of(given[4]));
	}

	const symbol_source& symbols_;
	case_code made_;
	std::map<std::string, u32> labels_;
	std::vector<target> targets_;
};

} // namespace

case_code assemble(const std::string& text, const symbol_source& symbols) {
	assembler made(symbols);
	for (const std::string& each : parts_of(text, '\n'))
		if (const std::string line = trimmed(each.substr(0, each.find(';'))); !line.empty())
			made.line(line);
	return made.finish();
}

} // namespace verdicts
