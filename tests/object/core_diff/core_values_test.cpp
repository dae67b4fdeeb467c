// SPDX-License-Identifier: MIT
// Each modelled member of a socket, read by a program that was compiled with this library's vmlinux.h: the
// value that the object has there.
#include <cstring>
#include <fstream>

#include <sockops/object/vmlinux_h.hpp>
#include <sockops/vm/core_types.hpp>

#include "../support.hpp"

namespace {

using namespace sockops;

struct leaf {
	std::string access; ///< from struct tcp6_sock: "tcp.inet_conn.icsk_rto"
	u32 offset, size;
};

/// Members of a struct and of those that it nests. Arrays are left to the bytes that they begin with.
void add_leaves(std::string_view type, const std::string& access, u32 offset, std::vector<leaf>& to) {
	for (const core_member& each : core_members()) {
		if (type != each.type)
			continue;
		const std::string_view words = each.member_type;
		const std::size_t before = to.size();
		std::string name = access + (access.empty() ? "" : ".") + each.name;
		std::string_view inner = words.substr(words.starts_with("struct ") ? 7 : 0);
		if (const std::size_t bracket = inner.find('['); bracket != inner.npos) {
			inner = inner.substr(0, bracket);
			name += "[0]";
		}
		if (words == "struct in6_addr")
			to.push_back({name + ".in6_u.u6_addr32[1]", offset + each.offset + 4, 4});
		else
			add_leaves(inner, name, offset + each.offset, to);
		if (to.size() == before && !words.ends_with("_t") && each.size <= sizeof(u64) && !words.ends_with('*'))
			to.push_back({name, offset + each.offset, each.size});
	}
}

std::string program_of(const std::vector<leaf>& leaves) {
	std::string source = "#include \"vmlinux.h\"\n#include <bpf/bpf_helpers.h>\n__u64 out;\n";
	for (std::size_t i = 0; i != leaves.size(); ++i)
		source += "SEC(\"sockops\") int leaf_" + std::to_string(i) +
				  "(struct bpf_sock_ops *skops) {\n\tstruct bpf_sock *sk = skops->sk;\n"
				  "\tstruct tcp6_sock *tp = sk ? bpf_skc_to_tcp6_sock(sk) : 0;\n\tif (tp)\n\t\tout = tp->" +
				  leaves[i].access + ";\n\treturn 1;\n}\n";
	return source + "char LICENSE[] SEC(\"license\") = \"GPL\";\n";
}

/// What the socket's own life hangs on stays as it is.
bool is_vital(const leaf& of) {
	return of.access.ends_with("skc_state") || of.access.ends_with("skc_family") ||
		   of.access.ends_with("sk_protocol");
}

TEST(core_values, each_member_of_a_socket_reads_as_the_object_has_it) {
	std::vector<leaf> leaves;
	add_leaves("tcp6_sock", "", 0, leaves);
	const std::string at = testing::TempDir() + "core_values";
	std::ofstream(testing::TempDir() + "vmlinux.h") << vmlinux_h();
	std::ofstream(at + ".c") << program_of(leaves);
	ASSERT_EQ(std::system((BPF_CLANG " -target bpf -mcpu=v3 -O2 -g -I" + testing::TempDir() + " -c " + at +
						   ".c -o " + at + ".o")
							  .c_str()),
			  0);
	object_world on;
	on.sk.skc_family = af_inet6;
	on.sk.skc_state = TCP_ESTABLISHED;
	bpf_object object = bpf_object::load_file(at + ".o");
	auto* const bytes = reinterpret_cast<unsigned char*>(&static_cast<tcp_sock&>(on.sk));
	for (std::size_t i = 0; i != leaves.size(); ++i) {
		const leaf& each = leaves[i];
		u64 before = 0, expected = 0, seen = 0;
		std::memcpy(&before, bytes + each.offset, each.size);
		const u64 pattern = each.size == 1 ? 1 : 0x1122334455667700 + i;
		if (!is_vital(each))
			std::memcpy(bytes + each.offset, &pattern, each.size);
		std::memcpy(&expected, bytes + each.offset, each.size);
		on.fire(object.prog("leaf_" + std::to_string(i)));
		std::memcpy(&seen, object.global("out").bytes().data(), sizeof seen);
		std::memcpy(bytes + each.offset, &before, each.size);
		EXPECT_EQ(seen & (each.size == 8 ? ~u64{0} : (u64{1} << each.size * 8) - 1), expected) << each.access;
	}
	EXPECT_GT(leaves.size(), 70u);
}

} // namespace
