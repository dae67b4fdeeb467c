// SPDX-License-Identifier: MIT
#include "extern_failure.hpp"

#include <algorithm>

#include <sockops/bpf/kfunc_table.hpp>

#include "../vm/helper_faces.hpp"
#include "kconfig.hpp"

namespace sockops::object {
namespace {

std::string kfunc_otherwise(const std::string& name) {
	if (const bpf_kfunc* const known = find_bpf_kfunc(name))
		return "kfunc " + name + "() is declared otherwise than it is: " + std::string(known->prototype);
	return vm::kfunc_refusal(name);
}

std::string no_symbol(const char* what, const std::string& name) {
	return std::string(what) + " '" + name +
		   "' of the kernel (__ksym) is not here: there is no kernel that has it";
}

} // namespace

std::string extern_failure(const heard_refusal& what) {
	switch (what.what) {
	case libbpf_refusal::kfunc_not_found:
		return vm::kfunc_refusal(what.name) +
			   "; declared __weak it is 0 where it is not, and bpf_ksym_exists() tells";
	case libbpf_refusal::kfunc_otherwise:
		return kfunc_otherwise(what.name);
	case libbpf_refusal::variable_not_found:
		return no_symbol("variable", what.name);
	case libbpf_refusal::extern_not_resolved:
		return what.name.starts_with("CONFIG_")
				   ? "'" + what.name + "' (__kconfig) has no value; " + kconfig_remedy(what.name)
				   : no_symbol("symbol", what.name);
	case libbpf_refusal::extern_without_types:
		break;
	}
	return "extern '" + what.name + "'" + remedy_without_types(what.name, true);
}

std::string remedy_without_types(const std::string& name, bool has_types) {
	constexpr std::string_view builtins[] = {"memcmp", "memcpy", "memmove", "memset"};
	if (std::ranges::find(builtins, name) != std::end(builtins))
		return "; a BPF program has no such function: clang puts its own in place of __builtin_ and that "
			   "name "
			   "where the size is a small constant";
	return has_types ? "; link it with the file that has it: open_linked()"
					 : "; it has no BTF, which externs need: compile it with clang -target bpf -O2 -g";
}

} // namespace sockops::object
