// SPDX-License-Identifier: MIT
// sockops_native_table NAME SOURCE OBJECT OUTPUT: writes the C file that compiles SOURCE for this machine and
// tells the names and places of what is in it, as the BTF of OBJECT has them.

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

namespace {

struct close_object {
	void operator()(bpf_object* object) const noexcept { ::bpf_object__close(object); }
};

/// "sockops_native_map"; nullptr for a section whose variables are no one's business.
const char* kind_of(const std::string& section) {
	if (section == ".maps")
		return "sockops_native_map";
	if (section.starts_with(".rodata"))
		return "sockops_native_constant";
	if (section.starts_with(".data") || section.starts_with(".bss"))
		return "sockops_native_variable";
	if (section == ".kconfig")
		return "sockops_native_kconfig";
	return nullptr;
}

void write_section(std::ostream& out, const btf* types, const btf_type* section) {
	const char* const kind = kind_of(::btf__name_by_offset(types, section->name_off));
	if (!kind)
		return;
	const btf_var_secinfo* const variables = ::btf_var_secinfos(section);
	for (int at = 0; at != ::btf_vlen(section); ++at) {
		const std::string name =
			::btf__name_by_offset(types, ::btf__type_by_id(types, variables[at].type)->name_off);
		if (name.find('.') != name.npos) // static inside a function: no name reaches it
			continue;
		out << "\t{\"" << name << "\", " << kind << ", (void *)&" << name << ", sizeof(" << name << ")},\n";
	}
}

/// Variables with __kconfig are declared by the program and defined by nobody: the assembler makes them, so
/// that the compiler takes none for a constant.
void write_kconfig(std::ostream& out, const btf* types) {
	const int section = types ? ::btf__find_by_name_kind(types, ".kconfig", BTF_KIND_DATASEC) : -1;
	const btf_type* const type =
		section > 0 ? ::btf__type_by_id(types, static_cast<__u32>(section)) : nullptr;
	for (int at = 0; type && at != ::btf_vlen(type); ++at) {
		const __u32 id = ::btf_var_secinfos(type)[at].type;
		const char* const name = ::btf__name_by_offset(types, ::btf__type_by_id(types, id)->name_off);
		out << "__asm__(\".pushsection .bss\\n.balign 16\\n"
			<< name << ": .zero " << ::btf__resolve_size(types, id) << "\\n.popsection\");\n";
	}
}

void write_symbols(std::ostream& out, bpf_object* object, const btf* types) {
	out << "static const struct sockops_native_symbol sockops_native_symbols[] = {\n";
	for (__u32 id = 1; types && id != ::btf__type_cnt(types); ++id)
		if (const btf_type* const type = ::btf__type_by_id(types, id); ::btf_is_datasec(type))
			write_section(out, types, type);
	for (const bpf_program* prog = nullptr;
		 (prog = ::bpf_object__next_program(object, const_cast<bpf_program*>(prog)));) {
		const char* const name = ::bpf_program__name(prog);
		out << "\t{\"" << name << "\", sockops_native_prog, (void *)" << name << ", 0},\n";
	}
	out << "\t{0, sockops_native_map, 0, 0},\n};\n";
}

void write_file(std::ostream& out, const std::string& name, const std::string& source,
				const std::string& path, bpf_object* object) {
	out << "/* " << name << " for this machine: written by sockops_native_table, not by hand. */\n"
		<< "#include \"" << source << "\"\n\n#include <sockops/native/table.h>\n\n"
		<< "extern const unsigned char sockops_object_of_" << name << "[], sockops_object_end_of_" << name
		<< "[];\n__asm__(\".pushsection .rodata\\n\"\n\t\"sockops_object_of_" << name << ": .incbin \\\""
		<< path << "\\\"\\n\"\n\t\"sockops_object_end_of_" << name
		<< ": .byte 0\\n\"\n\t\".popsection\\n\");\n\n";
	write_kconfig(out, ::bpf_object__btf(object));
	write_symbols(out, object, ::bpf_object__btf(object));
	out << "static struct sockops_native_table sockops_native_table = {\n\t\"" << name
		<< "\", sockops_object_of_" << name << ", sockops_object_end_of_" << name
		<< ", sockops_native_symbols, sizeof(sockops_native_symbols) / sizeof(sockops_native_symbols[0]) - "
		   "1, 0};\n"
		<< "__attribute__((constructor)) static void sockops_native_begin(void) { "
		<< "sockops_native_register(&sockops_native_table); }\n";
}

} // namespace

int main(int argc, char** argv) {
	if (argc != 5) {
		std::fprintf(stderr, "usage: %s NAME SOURCE OBJECT OUTPUT\n", argv[0]);
		return 2;
	}
	const std::string name = argv[1], source = argv[2], path = argv[3], output = argv[4];
	const std::unique_ptr<bpf_object, close_object> object(::bpf_object__open_file(path.c_str(), nullptr));
	if (!object) {
		std::fprintf(stderr, "%s: %s\n", path.c_str(), std::strerror(errno));
		return 1;
	}
	std::ofstream out(output);
	write_file(out, name, source, path, object.get());
	out.close();
	if (!out) {
		std::fprintf(stderr, "%s cannot be written: %s\n", output.c_str(), std::strerror(errno));
		return 1;
	}
	return 0;
}
