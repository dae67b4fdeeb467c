// SPDX-License-Identifier: MIT
#include "arguments.hpp"

#include "../access_rules.hpp"
#include "../constant_map.hpp"
#include "../instruction_words.hpp"
#include "memory.hpp"
#include "rules.hpp"
#include "words.hpp"

namespace sockops::vm::check {

namespace {

using helper::argument_kind;
using is = argument_kind::what;

/// What is wrong with an argument, and what would be right; error 0: nothing that is certain.
struct finding {
	int error = 0;
	std::string is, remedy;
	const rule* broken = &rules::argument;

	explicit operator bool() const noexcept { return error != 0; }
};

bool is_memory(const known& value, bool writes) noexcept {
	switch (value.is) {
	case holds::frame:
	case holds::map_value:
	case holds::record:
	case holds::memory:
		return true;
	case holds::key:
		return !writes;
	default:
		return false;
	}
}

bool is_socket(const known& value) noexcept {
	return value.is == holds::sock || value.is == holds::tcp_sock || value.is == holds::kernel_object;
}

/// The arguments of one call, each against its kind.
class call_check {
  public:
	call_check(subject& of, path& on, const helper::call_prototype& call)
		: of_(of), on_(on), call_(call), map_(map_of_call(of, on, call)) {}

	objection run() {
		for (u32 i = 0; i != call_.count; ++i)
			if (const finding wrong = look_at(i))
				return described(i, wrong);
		return {};
	}

  private:
	const known& value_of(u32 argument) const { return on_.regs[argument + 1]; }

	/// A kernel does not look at what is given there, be it written or not.
	bool is_ignored(u32 i) const {
		return parse_prototype(helper::text_of(call_.name)).arguments[i].name.ends_with("__ign");
	}

	finding look_at(u32 i) {
		const argument_kind& kind = call_.arguments[i];
		const known& given = value_of(i);
		if (kind.is == is::unused || given.is == holds::anything)
			return {};
		if (given.is == holds::unset && is_ignored(i))
			return {};
		if (given.is == holds::unset)
			return {EACCES, "a register that was never written", "set it before the call", &rules::unwritten};
		if (kind.may_be_null && given.is_number(0))
			return null(i, kind);
		if (kind.is == is::number || kind.is == is::address)
			return {};
		if (kind.is == is::size || kind.is == is::amount)
			return number(kind, given);
		if (given.may_be_null && !kind.may_be_null && kind.is != is::key && kind.is != is::context)
			return {EACCES, in_words(of_, given), rules::null_test.remedy, &rules::null_test};
		return pointer(i, kind, given);
	}

	/// Of memory that is read or written there are 0 bytes then.
	finding null(u32 i, const argument_kind& kind) const {
		const bool is_used = kind.is == is::memory && kind.bytes != argument_kind::use::none;
		if (!is_used || value_of(i + 1).is != holds::number || value_of(i + 1).values.is(0))
			return {};
		return {EACCES, "NULL", "pass an address of memory, or NULL and 0 bytes"};
	}

	finding pointer(u32 i, const argument_kind& kind, const known& given) {
		switch (kind.is) {
		case is::context:
			return given.is == holds::context && !given.has_moved()
					   ? finding{}
					   : wrong(given, "pass the program's own context, as it was given in r1");
		case is::kernel_context:
			return given.is == holds::kernel_object
					   ? finding{}
					   : wrong(given, "pass what bpf_cast_to_kern_ctx() returned");
		case is::map:
			return map(kind, given);
		case is::key:
			return bytes(i, given, map_ ? map_->key_size : 0, false);
		case is::value:
			return bytes(i, given, map_ ? map_->value_size : 0, kind.bytes == argument_kind::use::written);
		case is::memory:
			return memory(i, kind, given);
		case is::variable:
			return bytes(i, given, kind.width, true);
		case is::constant_string:
			return constant_string(given);
		case is::socket:
			return is_socket(given) && (given.is == holds::kernel_object || !given.has_moved())
					   ? finding{}
					   : wrong(given,
							   "pass skops->sk, or what another helper has made of it, once it is not NULL");
		case is::lock:
			return given.is == holds::map_value
					   ? finding{}
					   : wrong(given, "pass the struct bpf_spin_lock of a map's value");
		case is::record:
			return given.is == holds::record && !given.has_moved()
					   ? finding{}
					   : wrong(given, "pass what bpf_ringbuf_reserve() returned, once it is not NULL");
		case is::stack_object:
			return stack_object(i, kind, given);
		case is::function:
			return given.is == holds::function ? finding{} : wrong(given, "pass a function of the program");
		default:
			return {};
		}
	}

	finding wrong(const known& given, const char* remedy) const {
		return {EACCES, in_words(of_, given), remedy};
	}

	finding number(const argument_kind& kind, const known& given) const {
		if (given.is != holds::number)
			return wrong(given, "pass a number of bytes");
		if (kind.is == is::amount)
			return given.values.is_one() ? finding{}
										 : wrong(given, "pass a number of bytes that is a constant");
		const s64 least = given.values.least();
		if (least < 0 || (least == 0 && !kind.may_be_empty))
			return wrong(given, kind.may_be_empty
									? "pass 0 or more bytes: what may be negative is tested first"
									: "pass 1 or more bytes: what may be 0 is tested first");
		return {};
	}

	finding map(const argument_kind& kind, const known& given) const {
		if (given.is != holds::map)
			return wrong(given, "pass a map");
		for (const u32 each : kind.map_types)
			if (each == map_->map_type)
				return {};
		return kind.map_types.empty()
				   ? finding{}
				   : finding{EINVAL, in_words(of_, given) + " of type " + bpf_map_type_name(map_->map_type),
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

	finding memory(u32 i, const argument_kind& kind, const known& given) {
		const known& size = value_of(i + 1);
		const bool writes =
			kind.bytes == argument_kind::use::written || kind.bytes == argument_kind::use::searched;
		if (size.is != holds::number)
			return bytes(i, given, 0, writes);
		const u64 most = size.values.greatest() < 0 ? 0 : static_cast<u64>(size.values.greatest());
		return bytes(i, given, most, writes);
	}

	/// `size` bytes; 0: how many is not known, or there is nothing to touch.
	finding bytes(u32 i, const known& given, u64 size, bool writes) {
		if (!is_memory(given, writes))
			return wrong(
				given, given.is == holds::packet
						   ? "copy it to the stack first: helpers take nothing of a packet"
						   : "pass an address of memory: of a variable on the stack, or in a value of a map");
		const objection broken = look_at_memory(of_, on_, i + 1, size, writes);
		if (!broken)
			return {};
		std::string remedy = broken->remedy;
		if (given.is == holds::frame)
			remedy = "the stack is r10 - 512 to r10 - 1, and it takes " + std::to_string(size) + " bytes";
		else if (given.is != holds::map_value || broken->rule == rules::value_bounds.name)
			remedy = room_in_words(given, size);
		else
			remedy = broken->reason + (remedy.empty() ? "" : "; " + remedy);
		return {broken->error, in_words(of_, given), remedy};
	}
	std::string room_in_words(const known& given, u64 size) const {
		const u32 room = given.is == holds::map_value ? of_.map(given.which).value_size : given.which;
		return "it has " + std::to_string(room) + " bytes, and the call takes " + std::to_string(size);
	}

	finding stack_object(u32 i, const argument_kind& kind, const known& given) {
		if (given.is != holds::frame)
			return wrong(given, "pass a variable of the program's stack");
		if (!given.values.is_one())
			return wrong(given, "pass a variable at one place of the stack");
		if (given.fixed % 8 != 0)
			return wrong(given, "it has to be aligned to 8 bytes");
		return bytes(i, given, kind.width, true);
	}

	finding constant_string(const known& given) const {
		if (given.is != holds::map_value)
			return wrong(given, "pass a string constant (static const char […])");
		return is_constant(*of_.attr.maps[given.which].get())
				   ? finding{}
				   : wrong(given,
						   "pass a string constant (static const char […]), which programs cannot write");
	}

	objection described(u32 i, const finding& found) const {
		const c_prototype text = parse_prototype(helper::text_of(call_.name));
		const bool is_null = call_.arguments[i].is_pointer() && value_of(i).is_number(0);
		std::string words = register_in_words(i + 1);
		words.append(": ").append(call_.name).append("(): its ");
		words.append(i < text.count ? text.arguments[i].name : std::string_view("argument"));
		words.append(" is ").append(is_null ? "NULL" : found.is);
		objection wrong = broken(*found.broken, words, found.remedy, found.error);
		return wrong;
	}

	subject& of_;
	path& on_;
	const helper::call_prototype& call_;
	const bpf_map_attr* map_ = nullptr; ///< the map before this argument, if it is known
};

} // namespace

const bpf_map_attr* map_of_call(const subject& of, const path& on, const helper::call_prototype& call) {
	for (u32 i = 0; i != call.count; ++i)
		if (call.arguments[i].is == is::map && on.regs[i + 1].is == holds::map)
			return &of.map(on.regs[i + 1].which);
	return nullptr;
}

objection look_at_arguments(subject& of, path& on, const helper::call_prototype& call) {
	return call_check(of, on, call).run();
}

} // namespace sockops::vm::check
