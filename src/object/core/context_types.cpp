// SPDX-License-Identifier: MIT
#include "context_types.hpp"

#include <sockops/bpf/bpf_sock_fields.hpp>
#include <sockops/bpf/bpf_sock_ops_fields.hpp>

namespace sockops::object {
namespace {

/// Fields that the UAPI does not declare as unsigned integers of their size.
struct declared_otherwise {
	std::string_view type, field, as;
};
constexpr declared_otherwise exceptions[] = {
	{"bpf_sock_ops", "sk", "struct bpf_sock *"}, {"bpf_sock_ops", "skb_data", "void *"},
	{"bpf_sock_ops", "skb_data_end", "void *"},  {"bpf_sock", "dst_port", "__be16"},
	{"bpf_sock", "rx_queue_mapping", "s32"},
};

std::string type_of(std::string_view owner, std::string_view field, u32 size, u32 count) {
	for (const declared_otherwise& each : exceptions)
		if (each.type == owner && each.field == field)
			return std::string(each.as);
	std::string type = size == 8 ? "__u64" : "__u32";
	return count == 1 ? type : type.append("[").append(std::to_string(count)).append("]");
}

template <class Table>
void add_fields(btf_writer& to, const char* name, const Table& table) {
	std::vector<btf_field> fields;
	for (const auto& row : table)
		fields.push_back(
			{std::string(row.name), to.type(type_of(name, row.name, row.size, row.count)), row.offset * 8u});
	to.overlapping(std::string("struct ") + name, std::move(fields));
}

} // namespace

void add_context_types(btf_writer& to) {
	add_fields(to, "bpf_sock", bpf_sock_fields);
	add_fields(to, "bpf_tcp_sock", bpf_tcp_sock_fields);
	add_fields(to, "bpf_sock_ops", ctx_fields);
}

} // namespace sockops::object
