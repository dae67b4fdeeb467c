// SPDX-License-Identifier: MIT
// One bpf_setsockopt() of a program, kept to look at: what observers of a net are told.
//
// Context: any thread; takes memory, so not in a signal handler.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/kern/containers.hpp>
#include <sockops/net/observer.hpp>
#include <sockops/trace/option_text.hpp>
#include <sockops/trace/spoiled.hpp>

namespace sockops {

struct option_call {
	u32 op; ///< what the program was called for
	int level, optname;
	std::vector<u8> value; ///< as the program gave it
	int result;            ///< 0 or -errno
	/// Whose call it was, if the program was run by a traced release: good as long as it is there.
	const bpf_prog* prog = nullptr;

	/// "TCP_BPF_IW", as sockopts() has it; "level 6 option 99" for one that it has not.
	[[nodiscard]] std::string name() const;
	/// Returns the value of an option that is an int; 0 for others.
	[[nodiscard]] int number() const noexcept;
	/// Of an option that is a name, up to its NUL.
	[[nodiscard]] std::string string() const;
	/// "40", "\"reno\"", or the bytes in hexadecimal where the length is not the option's.
	[[nodiscard]] std::string value_text() const;
	/// "TCP_BPF_IW=40", "TCP_BPF_IW=-1: EINVAL".
	[[nodiscard]] std::string text() const;
};

/// What it took from another program, if it succeeded.
[[nodiscard]] std::optional<spoiled> spoiled_by(spoil_watch& watch, const sock_common& sk,
												const option_call& call);

/// An observer makes it of what it is told, meanwhile.
[[nodiscard]] option_call make_option_call(const set_option& what);

} // namespace sockops
