// SPDX-License-Identifier: MIT
// Reserving, storing and loading header options.

#include <sockops/hook/hdr_opt_helpers.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>

#include <sockops/bpf/uapi.hpp>
#include <sockops/kern/check.hpp>
#include <sockops/net/tcp_options.hpp>

#include "locked_op.hpp"
#include "refused_option.hpp"
#include "syn_source.hpp"

namespace sockops {

namespace {

using octets = std::span<const u8>;

bool is_padding(u8 kind) noexcept { return kind == tcpopt::eol || kind == tcpopt::nop; }
bool is_shared(u8 kind) noexcept { return kind == tcpopt::exp || kind == tcpopt::exp_alt; }

struct found_option {
	int error;     ///< 0, -ENOMSG or -EFAULT
	bool eol;      ///< with -ENOMSG: the list ends with EOL
	octets option; ///< with 0
};

/// bpf_search_tcp_opt(): the first of `kind` whose data begins with `magic`.
found_option search(octets options, u8 kind, octets magic) noexcept {
	while (!options.empty()) {
		if (options[0] == tcpopt::eol)
			return {-ENOMSG, true, {}};
		if (options[0] == tcpopt::nop) {
			options = options.subspan(1);
			continue;
		}
		if (options.size() < 2 || options[1] < 2 || options[1] > options.size())
			return {-EFAULT, false, {}};
		const octets option = options.first(options[1]);
		if (option[0] == kind) {
			if (option.size() - 2 < magic.size())
				return {-ENOMSG, false, {}};
			if (std::equal(magic.begin(), magic.end(), option.begin() + 2))
				return {0, false, option};
		}
		options = options.subspan(option.size());
	}
	return {-ENOMSG, false, {}};
}

/// What follows the fixed part of a TCP header.
octets options_of(octets header) noexcept {
	return header.size() > tcp_header_size ? header.subspan(tcp_header_size) : octets{};
}

/// The header of the segment at hand, as far as it is written.
octets header_at_hand(const bpf_sock_ops_kern& ctx) noexcept {
	return {static_cast<const u8*>(ctx.skb->data), static_cast<const u8*>(ctx.skb_data_end)};
}

/// The verifier lets no program do this.
bool lacks_bytes(const char* call, const void* option, u32 len) noexcept {
	if (option || len == 0)
		return false;
	illegal_use(call, "the option's buffer is null and len %u; the result is -EINVAL", len);
	return true;
}

/// What of the `len` bytes at `wanted` is the magic to look for.
struct wanted_magic {
	int error; ///< 0 or -EINVAL
	octets magic;
};
wanted_magic magic_of(const u8* wanted, u32 len) noexcept {
	const u8 kind = wanted[0], size = wanted[1];
	if (size > len || is_padding(kind))
		return {-EINVAL, {}};
	if (!is_shared(kind))
		return {size == 0 ? 0 : -EINVAL, {}};
	if (size != 4 && size != 6)
		return {-EINVAL, {}};
	return {0, {wanted + 2, size - 2u}};
}

/// The options to search, in the connection's SYN or in the segment at hand.
struct searched_options {
	int error; ///< 0, -ENOENT or -EPERM
	octets options;
};
searched_options options_for(const bpf_sock_ops_kern& ctx, bool in_syn) noexcept {
	if (in_syn) {
		const octets syn = detail::find_syn(ctx, detail::syn_part::tcp);
		return {syn.empty() ? -ENOENT : 0, options_of(syn)};
	}
	if (!ctx.skb || ctx.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB)
		return {-EPERM, {}};
	return {0, options_of(header_at_hand(ctx))};
}

} // namespace

constinit thread_local detail::refused_option detail::last_refused_option;

int detail::refuse_option(u32 bytes, int error) noexcept {
	last_refused_option = {bytes, error};
	return error;
}

int bpf_reserve_hdr_opt(bpf_sock_ops& skops, u32 len, u64 flags) noexcept {
	bpf_sock_ops_kern& ctx = skops.kern();
	if (ctx.op != BPF_SOCK_OPS_HDR_OPT_LEN_CB)
		return -EPERM;
	if (flags != 0 || len < 2)
		return -EINVAL;
	if (len > ctx.remaining_opt_len)
		return detail::refuse_option(len, -ENOSPC);
	ctx.remaining_opt_len = static_cast<u8>(ctx.remaining_opt_len - len);
	return 0;
}

int bpf_store_hdr_opt(bpf_sock_ops& skops, const void* from, u32 len, u64 flags) noexcept {
	bpf_sock_ops_kern& ctx = skops.kern();
	if (lacks_bytes("bpf_store_hdr_opt", from, len))
		return -EINVAL;
	if (ctx.op != BPF_SOCK_OPS_WRITE_HDR_OPT_CB || !ctx.skb)
		return -EPERM;
	if (len < 2 || flags != 0)
		return -EINVAL;
	const u8* const option = static_cast<const u8*>(from);
	const u8 kind = option[0], size = option[1];
	if (size > len || is_padding(kind))
		return -EINVAL;
	if (size > ctx.remaining_opt_len)
		return detail::refuse_option(size, -ENOSPC);
	if (is_shared(kind) && size < 4)
		return -EINVAL;
	const octets magic = is_shared(kind) ? octets(option + 2, 2) : octets{};
	const found_option same = search(options_of(header_at_hand(ctx)), kind, magic);
	if (same.error == 0)
		return detail::refuse_option(size, -EEXIST);
	if (same.error != -ENOMSG)
		return same.error;
	if (same.eol)
		return detail::refuse_option(size, -ENOSPC);
	u8* const end = static_cast<u8*>(ctx.skb_data_end);
	std::memcpy(end, option, size);
	ctx.skb_data_end = end + size;
	ctx.remaining_opt_len = static_cast<u8>(ctx.remaining_opt_len - size);
	return 0;
}

int bpf_load_hdr_opt(bpf_sock_ops& skops, void* buf, u32 len, u64 flags) noexcept {
	const bpf_sock_ops_kern& ctx = skops.kern();
	if (lacks_bytes("bpf_load_hdr_opt", buf, len))
		return -EINVAL;
	if (!detail::is_locked_tcp_sock_ops(ctx))
		return -EOPNOTSUPP;
	if (len < 2 || (flags & ~bpf_load_hdr_opt_tcp_syn) != 0)
		return -EINVAL;
	u8* const wanted = static_cast<u8*>(buf);
	const wanted_magic key = magic_of(wanted, len);
	if (key.error)
		return key.error;
	const searched_options in = options_for(ctx, (flags & bpf_load_hdr_opt_tcp_syn) != 0);
	if (in.error)
		return in.error;
	const found_option found = search(in.options, wanted[0], key.magic);
	if (found.error)
		return found.error;
	const std::size_t size = found.option.size();
	std::memcpy(buf, found.option.data(), std::min<std::size_t>(size, len));
	return size > len ? -ENOSPC : static_cast<int>(size);
}

} // namespace sockops
