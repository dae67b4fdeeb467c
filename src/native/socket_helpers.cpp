// SPDX-License-Identifier: MIT
// The socket of the call and its segment, for natively compiled programs.
#include <cerrno>

#include <sockops/hook/hdr_opt_helpers.hpp>
#include <sockops/hook/sk_helpers.hpp>
#include <sockops/hook/sockopt.hpp>

#include "native_run.hpp"

using namespace sockops;
using namespace sockops::native;

namespace {

/// Calls a helper of hook/ on the kernel's side of the context.
template <class Result, class Call>
Result on_context(const void* ctx, const char* helper, Result without, Call call) noexcept {
	const context_window window(ctx, helper);
	if (!window)
		return without;
	bpf_sock_ops skops = window.view();
	return static_cast<Result>(call(skops));
}

} // namespace

extern "C" {

u64 sockops_native_bpf_get_socket_cookie(void* ctx) {
	return on_context(ctx, "bpf_get_socket_cookie", u64{0},
					  [](auto& skops) { return bpf_get_socket_cookie(skops); });
}

u64 sockops_native_bpf_get_netns_cookie(void* ctx) {
	if (!ctx)
		return bpf_get_netns_cookie(nullptr);
	return on_context(ctx, "bpf_get_netns_cookie", u64{0},
					  [](auto& skops) { return bpf_get_netns_cookie(skops); });
}

long sockops_native_bpf_setsockopt(void* ctx, int level, int optname, void* optval, int optlen) {
	return on_context(ctx, "bpf_setsockopt", long{-EINVAL},
					  [&](auto& skops) { return bpf_setsockopt(skops, level, optname, optval, optlen); });
}

long sockops_native_bpf_getsockopt(void* ctx, int level, int optname, void* optval, int optlen) {
	return on_context(ctx, "bpf_getsockopt", long{-EINVAL},
					  [&](auto& skops) { return bpf_getsockopt(skops, level, optname, optval, optlen); });
}

long sockops_native_bpf_sock_ops_cb_flags_set(void* ctx, int argval) {
	return on_context(ctx, "bpf_sock_ops_cb_flags_set", long{-EINVAL},
					  [&](auto& skops) { return bpf_sock_ops_cb_flags_set(skops, argval); });
}

long sockops_native_bpf_load_hdr_opt(void* ctx, void* searchby_res, u32 len, u64 flags) {
	return on_context(ctx, "bpf_load_hdr_opt", long{-EINVAL},
					  [&](auto& skops) { return bpf_load_hdr_opt(skops, searchby_res, len, flags); });
}

long sockops_native_bpf_store_hdr_opt(void* ctx, const void* from, u32 len, u64 flags) {
	return on_context(ctx, "bpf_store_hdr_opt", long{-EINVAL},
					  [&](auto& skops) { return bpf_store_hdr_opt(skops, from, len, flags); });
}

long sockops_native_bpf_reserve_hdr_opt(void* ctx, u32 len, u64 flags) {
	return on_context(ctx, "bpf_reserve_hdr_opt", long{-EINVAL},
					  [&](auto& skops) { return bpf_reserve_hdr_opt(skops, len, flags); });
}

void* sockops_native_bpf_tcp_sock(void* sk) {
	native_run* const run = native_run::current("bpf_tcp_sock");
	return run ? run->tcp_view(sk) : nullptr;
}

void* sockops_native_bpf_cast_to_kern_ctx(void* ctx) { return ctx; }

int sockops_native_bpf_sock_ops_enable_tx_tstamp(void* ctx, u64 flags) {
	return on_context(ctx, "bpf_sock_ops_enable_tx_tstamp", int{-EINVAL},
					  [&](auto& skops) { return bpf_sock_ops_enable_tx_tstamp(skops, flags); });
}

} // extern "C"
