// SPDX-License-Identifier: MIT

#include "timeline_program.hpp"

#include <sockops/bpf/native_prog.hpp>
#include <sockops/hook/hdr_opt_helpers.hpp>
#include <sockops/hook/helpers.hpp>
#include <sockops/hook/sk_helpers.hpp>

namespace sockops::testing::model {

namespace {

/// One option of kind 253, magic 0xeb9f, that fills what was reserved.
void store_option(bpf_sock_ops& skops, u32 size) {
	u8 option[40] = {253, static_cast<u8>(size), 0xeb, 0x9f};
	(void)bpf_store_hdr_opt(skops, option, size, 0);
}

int run(const timeline_program& what, bpf_sock_ops& skops) {
	const u32 op = skops.op;
	if (what.flags && (op == BPF_SOCK_OPS_TCP_CONNECT_CB || op == BPF_SOCK_OPS_TCP_LISTEN_CB))
		(void)bpf_sock_ops_cb_flags_set(skops, static_cast<int>(what.flags));
	for (const timeline_program::option& each : what.options) {
		if (each.op != op)
			continue;
		const timeline_sockopt& option = each.what;
		if (option.text.empty())
			(void)bpf_setsockopt(skops, option.level, option.name, &option.value, sizeof option.value);
		else
			(void)bpf_setsockopt(skops, option.level, option.name, option.text.c_str(),
								 static_cast<int>(option.text.size()));
	}
	if (what.reserve && op == BPF_SOCK_OPS_HDR_OPT_LEN_CB)
		(void)bpf_reserve_hdr_opt(skops, what.reserve, 0);
	if (what.reserve && op == BPF_SOCK_OPS_WRITE_HDR_OPT_CB)
		store_option(skops, what.reserve);
	if (what.stamp_sends && op == BPF_SOCK_OPS_TSTAMP_SENDMSG_CB)
		(void)bpf_sock_ops_enable_tx_tstamp(skops, 0);
	for (const timeline_program::reply& each : what.replies)
		if (each.op == op)
			skops.reply = each.value;
	return 1;
}

} // namespace

bpf_prog_ptr make_timeline_program(const char* name, const timeline_program& what) {
	return make_bpf_prog(name, [what](bpf_sock_ops& skops) { return run(what, skops); });
}

} // namespace sockops::testing::model
