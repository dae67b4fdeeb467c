// SPDX-License-Identifier: MIT
// libbpf writes of an extern in section .ksyms:
//
//   extern (func ksym) 'bpf_obj_new_impl': not found in kernel or module BTFs
//   extern (func ksym) 'bpf_strlen': func_proto [5] incompatible with vmlinux [170]
//   extern (var ksym) 'runqueues': not found in kernel BTF
//   extern 'jiffies' (strong): not resolved
#include "extern_failure.hpp"

#include <string_view>

#include <sockops/bpf/kfunc_table.hpp>

#include "../../vm/kfuncs.hpp"

namespace sockops {
namespace {

/// The name in "extern (<kind> ksym) '<name>': …", and what follows it; false if no line has that.
bool find_extern(std::string_view messages, std::string_view kind, std::string& name,
				 std::string_view& rest) {
	const std::string mark = "extern (" + std::string(kind) + " ksym) '";
	const std::size_t at = messages.find(mark);
	if (at == messages.npos)
		return false;
	rest = messages.substr(at + mark.size());
	name = rest.substr(0, rest.find('\''));
	rest = rest.substr(0, rest.find('\n'));
	return true;
}

std::string function_failure(const std::string& name, std::string_view rest) {
	const bpf_kfunc* const known = find_bpf_kfunc(name);
	if (rest.find("incompatible") != rest.npos && known)
		return "kfunc " + name + "() is declared otherwise than it is: " + std::string(known->prototype);
	return vm::kfunc_refusal(name) + "; declared __weak it is 0 where it is not, and bpf_ksym_exists() tells";
}

/// A symbol whose type nobody said. Variables of the kernel's configuration (CONFIG_*) read alike.
bool find_symbol(std::string_view messages, std::string& name) {
	constexpr std::string_view before = "extern '", after = "' (strong): not resolved";
	const std::size_t from = messages.find(before);
	const std::size_t end = from == messages.npos ? from : messages.find(after, from);
	if (end == messages.npos)
		return false;
	name = messages.substr(from + before.size(), end - from - before.size());
	return !name.starts_with("CONFIG_") && name.find('\n') == name.npos;
}

std::string no_symbol(const char* what, const std::string& name) {
	return std::string(what) + " '" + name +
		   "' of the kernel (__ksym) is not here: there is no kernel that has it";
}

} // namespace

std::string extern_failure(const std::string& messages) {
	std::string name;
	std::string_view rest;
	if (find_extern(messages, "func", name, rest))
		return function_failure(name, rest);
	if (find_extern(messages, "var", name, rest))
		return no_symbol("variable", name);
	if (find_symbol(messages, name))
		return no_symbol("symbol", name);
	return {};
}

} // namespace sockops
