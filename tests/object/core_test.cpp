// SPDX-License-Identifier: MIT
// CO-RE against the types of this library.
#include <fstream>
#include <iterator>

#include <sockops/vm/core_types.hpp>

#include "support.hpp"

namespace {

using namespace sockops;

struct core_relocation : testing::Test {
	object_world on;
	bpf_object object = bpf_object::load_file(FILE_CORE_OBJECT);

	core_relocation() {
		tcp_sock& tp = on.sk;
		tp.skc_num = 4711;
		tp.skc_daddr = 0x0100007f;
		tp.skc_v6_daddr[2] = 0x1234;
		tp.snd_cwnd = 23;
		tp.icsk_rto = 200;
		tp.rtt_min = 77;
		tp.user_mss = 1400;
		on.fire(object.prog());
	}
	u32 seen(const char* name) { return object.global(name).as<u32>(); }
};

TEST_F(core_relocation, members_are_found_where_our_objects_have_them) {
	EXPECT_EQ(seen("snd_cwnd"), 23u);
	EXPECT_EQ(seen("rto"), 200u);
	EXPECT_EQ(seen("rtt_min"), 77u) << "rtt_min.s[0].v";
	EXPECT_EQ(seen("user_mss"), 1400u) << "rx_opt.user_mss";
	EXPECT_EQ(seen("local_port"), 4711u) << "four structs down";
	EXPECT_EQ(seen("daddr"), 0x0100007fu) << "by bpf_probe_read_kernel()";
	EXPECT_EQ(seen("v6_word"), 0x1234u);
}
TEST_F(core_relocation, what_is_not_modelled_does_not_exist) {
	EXPECT_EQ(seen("has_reordering"), 0u);
	EXPECT_EQ(seen("has_ca_state"), 0u);
	EXPECT_EQ(seen("has_icsk_rto"), 1u);
}
TEST_F(core_relocation, enumerators_have_the_kernels_values) {
	EXPECT_EQ(seen("ca_loss"), 4u) << "TCP_CA_Loss";
	EXPECT_EQ(seen("has_no_such_state"), 0u);
	EXPECT_EQ(seen("load_hdr_opt"), 142u);
}
TEST_F(core_relocation, a_kfunc_is_found_in_our_types_and_a_weak_one_may_be_missing) {
	EXPECT_EQ(seen("op"), u32{BPF_SOCK_OPS_TCP_CONNECT_CB}) << "bpf_cast_to_kern_ctx(skops)->op";
	EXPECT_EQ(seen("has_no_such_kfunc"), 0u);
}
TEST_F(core_relocation, the_kernel_is_6_18_with_an_empty_configuration) {
	EXPECT_EQ(seen("kernel_version"), u32{6} << 16 | 18 << 8);
	EXPECT_EQ(seen("no_such_option"), 0u);
}

TEST(core_relocations, are_none_without_their_section) {
	std::ifstream in(FILE_CONNS_OBJECT, std::ios::binary);
	std::string image((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
	for (std::size_t at = 0; (at = image.find(".BTF.ext", at)) != image.npos;)
		image.replace(at, 8, ".BTF.exx");
	bpf_object object = bpf_object::open_memory(std::as_bytes(std::span(image)), "no_ext.o");
	object.load();
	EXPECT_FALSE(object.prog_names().empty());
}

const core_member& member(std::string_view type, std::string_view name) {
	for (const core_member& each : core_members())
		if (type == each.type && name == each.name)
			return each;
	ADD_FAILURE() << type << "." << name << " is not in the table";
	return core_members().front();
}

TEST(core_types, offsets_are_those_of_the_objects) {
	object_world on;
	const tcp_sock& tp = on.sk;
	const auto at = [&](const auto& part) {
		return static_cast<u32>(reinterpret_cast<const char*>(&part) - reinterpret_cast<const char*>(&tp));
	};
	EXPECT_EQ(at(static_cast<const sock_common&>(tp)), 0u);
	EXPECT_EQ(member("tcp_sock", "snd_cwnd").offset, at(tp.snd_cwnd));
	EXPECT_EQ(member("tcp_sock", "bytes_acked").offset, at(tp.bytes_acked));
	EXPECT_EQ(member("inet_connection_sock", "icsk_rto").offset, at(tp.icsk_rto));
	EXPECT_EQ(member("sock", "sk_mark").offset, at(tp.sk_mark));
	EXPECT_EQ(member("tcp6_sock", "inet6").offset, at(tp.pinet6));
	EXPECT_EQ(member("sock_common", "skc_addrpair").offset + 4, at(tp.skc_rcv_saddr));
	EXPECT_EQ(member("sock_common", "skc_portpair").offset + 2, at(tp.skc_num));
	EXPECT_EQ(member("tcp_options_received", "user_mss").offset + member("tcp_sock", "rx_opt").offset,
			  at(tp.user_mss));
}
TEST(core_types, nested_structs_lie_within_those_that_nest_them) {
	for (const core_member& each : core_members())
		EXPECT_GT(each.size, 0u) << each.type << "." << each.name;
	EXPECT_GE(member("tcp_sock", "inet_conn").size, member("inet_connection_sock", "icsk_inet").size);
	EXPECT_LE(member("tcp6_sock", "tcp").size, sizeof(tcp_sock));
}
TEST(core_types, one_member_can_be_read_and_no_gap_and_no_two) {
	const core_member& cwnd = member("tcp_sock", "snd_cwnd");
	EXPECT_TRUE(core_readable(core_object::sock, cwnd.offset, 4));
	EXPECT_TRUE(core_readable(core_object::sock, cwnd.offset + 2, 2));
	EXPECT_FALSE(core_readable(core_object::sock, cwnd.offset + 2, 4));
	EXPECT_FALSE(core_readable(core_object::sock, cwnd.offset, 8)) << "snd_cwnd and snd_cwnd_clamp";
	EXPECT_FALSE(core_readable(core_object::sock, cwnd.offset, 0));
	EXPECT_FALSE(core_readable(core_object::sock, 1u << 31, 4));
	EXPECT_FALSE(core_readable(core_object::sock, ~0u, 4));
	EXPECT_FALSE(core_readable(core_object::request_sock, cwnd.offset, 4));
	EXPECT_TRUE(core_readable(core_object::sock, member("sock_common", "skc_addrpair").offset, 8));
	EXPECT_TRUE(core_readable(core_object::timewait_sock, member("sock_common", "skc_state").offset, 1));
	EXPECT_TRUE(core_readable(core_object::request_sock, member("request_sock", "mss").offset, 2));
	EXPECT_FALSE(core_readable(core_object::timewait_sock, member("request_sock", "mss").offset, 2));
	EXPECT_TRUE(core_readable(core_object::kern_ctx, 8, 16)) << "args";
	EXPECT_FALSE(core_readable(core_object::kern_ctx, 48, 2)) << "op and is_fullsock";
	EXPECT_TRUE(core_readable(core_object::sk_buff, member("sk_buff", "len").offset, 4));
	EXPECT_FALSE(core_readable(core_object::sk_buff, sizeof(sk_buff), 1));
}

} // namespace
