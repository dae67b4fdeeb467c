// SPDX-License-Identifier: MIT
#include <sockops/bpf/bpf_sock_fields.hpp>

#include "field_facts.hpp"
#include "markdown.hpp"
#include "page.hpp"

namespace sockops_reference {

namespace {

using namespace sockops;

/// As C declares it.
std::string type(const ctx_field& field) {
	return std::string(field.size == 8 ? "u64" : "u32") +
		   (field.count == 1 ? "" : "[" + std::to_string(field.count) + "]");
}

std::string access(const ctx_field& field) {
	return field.writable ? "read, write" : field.narrow ? "read, also its first 1 or 2 bytes" : "read";
}

const char* guard(field_guard of) {
	constexpr const char* words[] = {"-", "full socket", "locked", "segment"};
	return words[static_cast<unsigned>(of)];
}

const char* order(field_order of) {
	constexpr const char* words[] = {"host", "network", "network, in the upper half of a little-endian word"};
	return words[static_cast<unsigned>(of)];
}

/// What has a star in it is a name.
std::string unit(std::string_view text) {
	return text.find('*') == text.npos ? std::string(text) : code(text);
}

std::string source(std::string_view text) {
	return text.find('.') == text.npos ? std::string(text) : code(text);
}

/// A view of a socket, whose fields are all read alone.
template <std::size_t N>
std::string view(std::string_view name, std::string_view how, const sock_view_field (&fields)[N], u32 size) {
	std::string text =
		"\n## " + std::string(name) + "\n\n" + std::string(how) + " " + std::to_string(size) + " bytes.\n\n";
	text += table({"field", "offset", "bytes"});
	for (const sock_view_field& each : fields)
		text += row(
			{code(each.name), std::to_string(each.offset),
			 (each.count == 1 ? "" : std::to_string(each.count) + " times ") + std::to_string(each.size)});
	return text;
}

} // namespace

std::string fields_page() {
	std::string text = page_head("Fields of the context",
								 "For who writes a program: `struct bpf_sock_ops`, field by field, " +
									 std::to_string(bpf_sock_ops_size) + " bytes.",
								 "bpf/bpf_sock_ops_fields.hpp");
	text += "A load has the size of the field's type, at a constant offset. A field whose guard is closed "
			"reads 0, and a\n"
			"write to it is dropped:\n\n";
	text += table({"guard", "closed"});
	text += row({"full socket", "for a request"});
	text += row({"locked", "for a request, and in the TSTAMP ops, in which the socket counts as not locked "
						   "(before 6.15: for a request)"});
	text += row({"segment", "without a segment at hand"});
	text += "\n" + table({"field", "offset", "type", "since", "access", "guard", "byte order", "unit",
						  "comes from", "note"});
	for (std::size_t i = 0; i != std::size(ctx_fields); ++i) {
		const ctx_field& field = ctx_fields[i];
		const field_facts& facts = all_field_facts[i];
		text += row({code(field.name), std::to_string(field.offset), type(field), release_number(field.since),
					 access(field), guard(field.guard), order(field.order), unit(facts.unit),
					 source(facts.source), facts.note});
	}
	text += view("struct bpf_sock",
				 "What `skops->sk` points to. Addresses and `dst_port` are in network order, `src_port` in "
				 "host order; a "
				 "field's bytes\nmay be read in parts.",
				 bpf_sock_fields, bpf_sock_size);
	text += view("struct bpf_tcp_sock", "What `bpf_tcp_sock()` returns. Whole fields only.",
				 bpf_tcp_sock_fields, bpf_tcp_sock_size);
	return text + "\nIn C++ those of the context are members of [`bpf_sock_ops`](../bpf/bpf_sock_ops.hpp). "
				  "Next: [ops](ops.md), "
				  "[helpers](helpers.md).\n";
}

} // namespace sockops_reference
