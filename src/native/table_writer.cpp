// SPDX-License-Identifier: MIT
#include "table_writer.hpp"

#include <algorithm>
#include <cctype>

#include "../object/object_contents.hpp"

namespace sockops::native {

namespace {

using kind = object::named_content::kind;

const char* kind_name(kind of) noexcept {
	switch (of) {
	case kind::map:
		return "sockops_native_map";
	case kind::program:
		return "sockops_native_prog";
	case kind::variable:
		return "sockops_native_variable";
	case kind::constant:
		return "sockops_native_constant";
	case kind::option:
		return "sockops_native_kconfig";
	}
	return "";
}

/// A name for the linker.
std::string identifier(std::string name) {
	std::ranges::replace_if(
		name, [](unsigned char c) { return !std::isalnum(c); }, '_');
	return name;
}

/// The object file's bytes: the assembler reads them.
void write_object(std::ostream& out, const std::string& begin, const std::string& end,
				  const std::string& path) {
	out << "extern const unsigned char " << begin << "[], " << end << "[];\n"
		<< "__asm__(\".pushsection .rodata\\n\"\n\t\"" << begin << ": .incbin \\\"" << path
		<< "\\\"\\n\"\n\t\"" << end << ": .byte 0\\n\"\n\t\".popsection\\n\");\n\n";
}

/// Variables with __kconfig are declared by the program and defined by nobody: the assembler makes them, so
/// that the compiler takes none for a constant.
void write_kconfig(std::ostream& out, const object::named_content& variable) {
	out << "__asm__(\".pushsection .bss\\n.balign 16\\n"
		<< variable.name << ": .zero " << variable.size << "\\n.popsection\");\n";
}

void write_symbol(std::ostream& out, const object::named_content& each) {
	out << "\t{\"" << each.name << "\", " << kind_name(each.is) << ", (void *)";
	if (each.is == kind::program)
		out << each.name << ", 0},\n";
	else
		out << "&" << each.name << ", sizeof(" << each.name << ")},\n";
}

} // namespace

void write_table(std::ostream& out, const table_source& of) {
	const std::vector<object::named_content> all =
		object::object_contents::of(bpf_object::open_file(of.object));
	const std::string name = identifier(of.name);
	const std::string begin = "sockops_object_of_" + name, end = "sockops_object_end_of_" + name;
	out << "/* " << of.name << " for this machine: written by sockops, not by hand. */\n"
		<< "#include \"" << of.source << "\"\n\n#include <sockops/native/table.h>\n\n";
	write_object(out, begin, end, of.object);
	for (const object::named_content& each : all)
		if (each.is == kind::option)
			write_kconfig(out, each);
	out << "static const struct sockops_native_symbol sockops_native_symbols[] = {\n";
	for (const object::named_content& each : all)
		write_symbol(out, each);
	out << "\t{0, sockops_native_map, 0, 0},\n};\n"
		<< "static struct sockops_native_table sockops_native_table = {\n\t\"" << of.name << "\", " << begin
		<< ", " << end
		<< ", sockops_native_symbols, sizeof(sockops_native_symbols) / sizeof(sockops_native_symbols[0]) - "
		   "1, "
		   "0};\n"
		<< "__attribute__((constructor)) static void sockops_native_begin(void) { "
		<< "sockops_native_register(&sockops_native_table); }\n";
}

} // namespace sockops::native
