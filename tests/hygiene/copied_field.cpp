// SPDX-License-Identifier: MIT
// What one writes to keep a field's value (LINE 0), and lines that would keep a window onto the context in
// its place, or write what a program may not: each must be refused, and the compiler must show the remedy.

#include <algorithm>

#include <sockops/bpf/bpf_sock_ops.hpp>

sockops::u32 values_are_kept(sockops::bpf_sock_ops& skops) {
#if LINE == 0
	const sockops::u32 named = skops.snd_cwnd;
	const auto deduced = +skops.snd_cwnd;
	const auto element = skops.args[1];
	auto& view = skops;
	view.reply = std::max({named, deduced, element, std::min(+skops.snd_cwnd, 10u)});
	view.sk_txhash = skops.reply;
	view.reply = skops.reply;
	return skops.snd_cwnd < 2 ? +skops.snd_ssthresh : +skops.snd_cwnd;
#elif LINE == 1 // says: u32 v = skops.field, or auto v = .skops.field
	auto before = skops.snd_cwnd;
#elif LINE == 2 // says: u32 v = skops.field, or auto v = .skops.field
	const auto before = skops.reply;
#elif LINE == 3 // says: its elements are, skops.field.0.
	auto arguments = skops.args;
#elif LINE == 4 // says: u32 v = skops.field, or auto v = .skops.field
	auto later = [before = skops.srtt_us] { return +before; };
#elif LINE == 5 // says: write bpf_sock_ops&
	auto copy = skops;
#elif LINE == 6 // says: writable are reply and sk_txhash
	skops.snd_cwnd = skops.snd_cwnd;
#elif LINE == 7 // says: no matching function
	return std::min(skops.snd_cwnd, 10u);
#endif
	return 0;
}
