// SPDX-License-Identifier: MIT
#include "call_arguments.hpp"

#include "constant_map.hpp"
#include "flow_rules.hpp"
#include "helper_faces.hpp"

namespace sockops::vm {

namespace {

using helper::argument_kind;
using what = known_value::what;

/// What is wrong with an argument, and what would be right; empty: nothing that is certain.
struct finding {
	int error = 0;
	std::string is, remedy;

	explicit operator bool() const noexcept { return error != 0; }
};

std::string in_words(const known_value& value, const bpf_prog_load_attr& attr) {
	const auto at = [&](const char* place) {
		const auto offset = static_cast<s64>(value.value);
		return std::string(place)
			.append(offset < 0 ? " - " : " + ")
			.append(std::to_string(offset < 0 ? -offset : offset));
	};
	switch (value.is) {
	case what::number:
		return "the number " + std::to_string(static_cast<s64>(value.value));
	case what::ctx:
		return value.value == 0 ? "the context" : at("the context");
	case what::frame:
		return at("the stack's end, r10,");
	case what::map:
		return "the map '" + attr.maps[value.map].get()->attr.map_name + "'";
	case what::map_value:
		return at(("a variable of '" + attr.maps[value.map].get()->attr.map_name + "'").c_str());
	default:
		return "not known";
	}
}

/// The arguments of one call, each against its kind.
class call_check {
  public:
	call_check(const bpf_prog_load_attr& attr, const known_registers& regs,
			   const helper::call_prototype& call)
		: attr_(attr), regs_(regs), call_(call) {}

	/// Which argument is the first that is wrong, and why, in words.
	std::string run(int& error) {
		for (u32 i = 0; i != call_.count; ++i) {
			const finding wrong = look_at(i);
			if (!wrong)
				continue;
			error = wrong.error;
			return described(i, wrong);
		}
		return {};
	}

  private:
	const known_value& value_of(u32 argument) const { return regs_.regs[argument + 1]; }

	/// A kernel does not look at what is given there, be it written or not.
	bool is_ignored(u32 i) const {
		return parse_prototype(helper::text_of(call_.name)).arguments[i].name.ends_with("__ign");
	}

	finding look_at(u32 i) {
		const argument_kind& kind = call_.arguments[i];
		const known_value& given = value_of(i);
		using is = argument_kind::what;
		if (kind.is == is::unused || given.is == what::anything)
			return {};
		if (given.is == what::unset && is_ignored(i))
			return {};
		if (given.is == what::unset)
			return {EACCES, "a register that was never written", "set it before the call"};
		const bool is_null = given.is == what::number && given.value == 0;
		if (kind.may_be_null && is_null)
			return {};
		switch (kind.is) {
		case is::size:
			return size(kind, given);
		case is::context:
			return given == known_value{what::ctx}
					   ? finding{}
					   : wrong(given, "pass the program's own context, as it was given in r1");
		case is::kernel_context:
			return wrong(given, "pass what bpf_cast_to_kern_ctx() returned");
		case is::map:
			return map(kind, given);
		case is::key:
			return bytes(given, map_ ? map_->key_size : 0);
		case is::value:
			return bytes(given, map_ ? map_->value_size : 0);
		case is::memory:
			return memory(given, value_of(i + 1));
		case is::variable:
			return bytes(given, kind.width);
		case is::constant_string:
			return constant_string(given);
		case is::socket:
			return wrong(given, "pass skops->sk, or what another helper has made of it, once it is not NULL");
		case is::lock:
			return given.is == what::map_value
					   ? finding{}
					   : wrong(given, "pass the struct bpf_spin_lock of a map's value");
		case is::record:
			return wrong(given, "pass what bpf_ringbuf_reserve() returned, once it is not NULL");
		case is::amount:
			return given.is == what::number ? finding{} : wrong(given, "pass a number of bytes");
		case is::stack_object:
			return stack_object(kind, given);
		case is::function:
			return wrong(given, "pass a function of the program");
		default:
			return {};
		}
	}

	finding wrong(const known_value& given, const char* remedy) const {
		return {EACCES, in_words(given, attr_), remedy};
	}

	finding size(const argument_kind& kind, const known_value& given) const {
		if (given.is != what::number)
			return wrong(given, "pass a number of bytes");
		const bool is_wide = kind.width == 8;
		const auto size =
			is_wide ? static_cast<s64>(given.value) : static_cast<s64>(static_cast<s32>(given.value));
		if (size < 0 || (size == 0 && !kind.may_be_empty))
			return {EACCES, in_words(given, attr_),
					kind.may_be_empty ? "pass 0 or more bytes" : "pass 1 or more bytes"};
		return {};
	}

	finding map(const argument_kind& kind, const known_value& given) {
		if (given.is != what::map)
			return wrong(given, "pass a map");
		map_ = &attr_.maps[given.map].get()->attr;
		for (const u32 each : kind.map_types)
			if (each == map_->map_type)
				return {};
		return kind.map_types.empty()
				   ? finding{}
				   : finding{EINVAL, in_words(given, attr_) + " of type " + bpf_map_type_name(map_->map_type),
							 "pass a map of type " + types_in_words(kind.map_types)};
	}
	static std::string types_in_words(std::span<const u32> types) {
		std::string words;
		for (std::size_t i = 0; i != types.size(); ++i)
			words.append(i == 0                  ? ""
						 : i + 1 == types.size() ? " or "
												 : ", ")
				.append(bpf_map_type_name(types[i]));
		return words;
	}

	finding memory(const known_value& given, const known_value& size) const {
		if (size.is == what::number)
			return size.value == 0 ? finding{} : bytes(given, static_cast<u32>(size.value));
		const bool is_some =
			given.is == what::frame || given.is == what::map_value || given.is == what::number;
		return is_some ? finding{} : bytes(given, 0);
	}

	/// `size` bytes at a place that is known; 0: how many is not.
	finding bytes(const known_value& given, u32 size) const {
		if (given.is == what::frame) {
			const refusal broken = size ? rule_of_frame(static_cast<s64>(given.value), size) : refusal{};
			return broken ? finding{broken.error, in_words(given, attr_),
									"the stack is r10 - 512 to r10 - 1, and it takes " +
										std::to_string(size) + " bytes"}
						  : finding{};
		}
		if (given.is != what::map_value)
			return wrong(given,
						 "pass an address of memory: of a variable on the stack, or in a value of a map");
		const u32 room = attr_.maps[given.map].get()->attr.value_size;
		if (given.value <= room && size <= room - given.value)
			return {};
		return {EACCES, in_words(given, attr_),
				"it has " + std::to_string(room) + " bytes, and the call takes " + std::to_string(size)};
	}

	finding stack_object(const argument_kind& kind, const known_value& given) const {
		if (given.is != what::frame)
			return wrong(given, "pass a variable of the program's stack");
		if (given.value % 8 != 0)
			return wrong(given, "it has to be aligned to 8 bytes");
		return bytes(given, kind.width);
	}

	finding constant_string(const known_value& given) const {
		if (given.is != what::map_value)
			return wrong(given, "pass a string constant (static const char […])");
		return is_constant(*attr_.maps[given.map].get())
				   ? finding{}
				   : wrong(given,
						   "pass a string constant (static const char […]), which programs cannot write");
	}

	std::string described(u32 i, const finding& found) const {
		const c_prototype text = parse_prototype(helper::text_of(call_.name));
		const known_value& given = value_of(i);
		const bool is_null = call_.arguments[i].is_pointer() && given.is == what::number && given.value == 0;
		std::string words("R");
		words.append(std::to_string(i + 1)).append(": ").append(call_.name).append("(): its ");
		words.append(text.arguments[i].name).append(" is ").append(is_null ? "NULL" : found.is);
		return words.append("; ").append(found.remedy);
	}

	const bpf_prog_load_attr& attr_;
	const known_registers& regs_;
	const helper::call_prototype& call_;
	const bpf_map_attr* map_ = nullptr; ///< the map before this argument, if it is known
};

} // namespace

refusal check_call_arguments(const bpf_prog_load_attr& attr, const program_flow& flow) {
	for (u32 at = 0; at != attr.insns.size(); ++at) {
		const bpf_insn insn = attr.insns[at];
		if (!flow.before[at].reached || !is_call(insn) || is_unresolved(attr, at))
			continue;
		const helper::call_prototype* const called = prototype_of_call(attr, insn);
		int error = 0;
		std::string why = called ? call_check(attr, flow.before[at], *called).run(error) : std::string();
		if (!why.empty())
			return {error, at, std::move(why)};
	}
	return {};
}

} // namespace sockops::vm
