// SPDX-License-Identifier: MIT
// sockops_helper_faces header|functions OUTPUT: writes what natively compiled programs have for the helpers
// and kfuncs, of the tables in bpf/ and the rules in src/helper:
//
//   header      <bpf/bpf_helper_defs.h>: declarations in C, under names of their own for the linker
//   functions   a C++ file that defines these names, each by its rule

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>

#include "../helper/all.hpp"

namespace {

using namespace sockops;

/// A type as a program in C has it: "const u64 *" is "const __u64 *".
std::string in_c(std::string_view type) {
	std::string written;
	while (!type.empty()) {
		const std::string_view word = type.substr(0, type.find(' '));
		type.remove_prefix(std::min(type.size(), word.size() + 1));
		const bool is_of_kernel = word == "u8" || word == "u32" || word == "u64" || word == "s64";
		written.append(is_of_kernel ? "__" : "").append(word == "bool" ? "_Bool" : word);
		written.append(type.empty() ? "" : " ");
	}
	return written;
}
/// The same for a C++ file that knows no struct of a program: pointers are void*.
std::string in_cxx(const c_declaration& of) {
	if (!of.is_pointer())
		return std::string(of.type);
	return of.type.starts_with("const ") ? "const void*" : "void*";
}

/// nullptr: a kfunc.
const bpf_helper* find_helper(std::string_view name) {
	for (const bpf_helper& each : bpf_helpers)
		if (each.name == name)
			return &each;
	return nullptr;
}

struct written_call {
	c_prototype text;
	bool has_rule, is_native;
	u32 index; ///< in helper::all_rules
};

/// All that can be called, in the order of the rules; and bpf_tail_call(), which has none.
template <class Visit>
void for_each_call(Visit visit) {
	visit({parse_prototype(helper::text_of("bpf_tail_call")), false, true, 0});
	u32 index = 0;
	helper::all_rules::for_each([&]<class Rule>() {
		visit({parse_prototype(helper::text_of(Rule::name)), true, Rule::prototype.is_native, index++});
	});
}

std::string declared(const c_declaration& of) {
	return in_c(of.type) + (of.is_pointer() ? "" : " ") + std::string(of.name);
}

void write_declaration(std::ostream& out, const written_call& call) {
	if (call.text.is_variadic) // a macro of bpf_helpers.h
		return;
	std::string arguments;
	for (u32 i = 0; i != call.text.count; ++i)
		arguments += (i ? ", " : "") + declared(call.text.arguments[i]);
	out << declared(call.text.self) << '(' << (arguments.empty() ? "void" : arguments) << ")\n\t"
		<< (call.is_native ? "SOCKOPS_HELPER(" : "SOCKOPS_NO_HELPER(") << call.text.self.name << ");\n";
}

/// Types that the declarations name, which need be no more than names.
void write_structs(std::ostream& out) {
	std::string written;
	const auto write = [&](std::string_view type) {
		const std::size_t from = type.find("struct ");
		if (from == type.npos)
			return;
		const std::string name(type.substr(from, type.find(' ', from + 7) - from));
		if (written.find(name + ";") != written.npos)
			return;
		written += name + ";\n";
	};
	for_each_call([&](const written_call& call) {
		write(call.text.self.type);
		for (u32 i = 0; i != call.text.count; ++i)
			write(call.text.arguments[i].type);
	});
	out << written;
}

void write_header(std::ostream& out) {
	out << "/* SPDX-License-Identifier: MIT */\n"
		   "/* The helpers and kfuncs as functions of a process: written by sockops_helper_faces, not by "
		   "hand.\n"
		   " * The names that a linker sees are others than those in C: libbpf has functions of its own "
		   "called\n"
		   " * bpf_map_lookup_elem() and the like. A program that the kernel runs declares each kfunc for "
		   "itself:\n"
		   " * the declarations agree. */\n"
		   "#ifndef SOCKOPS_NATIVE_BPF_HELPER_DEFS_H\n#define SOCKOPS_NATIVE_BPF_HELPER_DEFS_H\n\n"
		   "#define SOCKOPS_HELPER(name) __asm__(\"sockops_native_\" #name)\n"
		   "/* The kernel's own types have members at places that only a kernel's BTF tells. */\n"
		   "#define SOCKOPS_NO_HELPER(name) \\\n"
		   "\t__attribute__((error(#name \"() leads to the kernel's types, by CO-RE: run this program as \" "
		   "\\\n"
		   "\t\t\"bpf_object, not natively\")))\n\n";
	write_structs(out);
	out << '\n';
	for_each_call([&](const written_call& call) { write_declaration(out, call); });
	out << "\n#endif\n";
}

void write_function(std::ostream& out, const written_call& call) {
	if (!call.has_rule || !call.is_native || call.text.is_variadic)
		return;
	std::string parameters, arguments;
	for (u32 i = 0; i != call.text.count; ++i) {
		const std::string name = std::string("a").append(std::to_string(i + 1));
		parameters += (i ? ", " : "") + in_cxx(call.text.arguments[i]) + " " + name;
		arguments += (i ? ", " : "") + name;
	}
	const std::string result = in_cxx(call.text.self);
	out << result << " sockops_native_" << call.text.self.name << '(' << parameters << ") {\n\treturn called<"
		<< call.index << ", \"" << call.text.self.name << "\", " << result << ">(" << arguments << ");\n}\n";
}

/// What a helper's number calls, for programs that declare helpers by it.
void write_numbers(std::ostream& out) {
	out << "namespace sockops::native {\nvoid* numbered_helper(u32 number) noexcept {\n\tswitch (number) {\n";
	for_each_call([&](const written_call& call) {
		const bpf_helper* const row = find_helper(call.text.self.name);
		if (row && row->id != 0 && call.has_rule && call.is_native && !call.text.is_variadic)
			out << "\tcase " << u32{row->id} << ":\n\t\treturn reinterpret_cast<void*>(sockops_native_"
				<< row->name << ");\n";
	});
	out << "\tdefault:\n\t\treturn nullptr;\n\t}\n}\n} // namespace sockops::native\n";
}

void write_functions(std::ostream& out) {
	out << "// The helpers and kfuncs of natively compiled programs: written by sockops_helper_faces, not by "
		   "hand.\n"
		   "#include <native/face.hpp>\n\nusing namespace sockops;\nusing native::called;\n\nextern \"C\" "
		   "{\n\n";
	for_each_call([&](const written_call& call) { write_function(out, call); });
	out << "\n} // extern \"C\"\n\n";
	write_numbers(out);
}

} // namespace

int main(int argc, char** argv) {
	const std::string what = argc == 3 ? argv[1] : "";
	if (what != "header" && what != "functions") {
		std::fprintf(stderr, "usage: %s header|functions OUTPUT\n", argv[0]);
		return 2;
	}
	std::ofstream out(argv[2]);
	what == "header" ? write_header(out) : write_functions(out);
	out.close();
	if (!out) {
		std::fprintf(stderr, "%s cannot be written\n", argv[2]);
		return 1;
	}
	return 0;
}
