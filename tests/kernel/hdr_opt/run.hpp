// SPDX-License-Identifier: MIT
// One run of a program in an op: the header that it sees, the calls of the header option helpers that it
// makes, and what came of each. Whoever implements the helpers can be asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hdr_opt {

using byte_list = std::vector<std::uint8_t>;

enum class what : std::uint32_t { reserve = 1, store, load }; ///< as enum hdr_opt_what

struct call {
	hdr_opt::what what;
	std::uint32_t len = 0;
	std::uint64_t flags = 0;
	byte_list bytes; ///< `len` of them for store and load
};

struct answer {
	std::int64_t result = 0;
	byte_list bytes; ///< the call's bytes afterwards
	bool operator==(const answer&) const = default;
};

/// What a program found in an op.
struct situation {
	unsigned op = 0;
	bool fullsock = true, has_segment = false;
	unsigned room = 0;            ///< HDR_OPT_LEN_CB: bytes left; WRITE_HDR_OPT_CB: bytes reserved
	byte_list header;             ///< skb_data to skb_data_end
	std::optional<byte_list> syn; ///< the connection's SYN, TCP header and options
};

/// What came of it.
struct outcome {
	std::vector<answer> answers;
	std::optional<unsigned> reserved; ///< HDR_OPT_LEN_CB: rounded up to 4
	std::optional<byte_list> options; ///< WRITE_HDR_OPT_CB: all options of the header that was sent
};

struct run {
	situation in;
	std::vector<call> calls;
	outcome got; ///< what a kernel answered; reserved and options only if they could be observed
};

/// The same calls made with this library.
outcome answer_here(const situation& in, const std::vector<call>& calls);

/// What an implementation answers otherwise than `asked.got`: "" if nothing. Adds to `cases`.
std::string difference(const run& asked, const outcome& here, unsigned long& cases);

std::string hex(const byte_list& bytes);

} // namespace hdr_opt
