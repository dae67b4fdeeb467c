// SPDX-License-Identifier: MIT
// A connection, and what a program does in some of its ops: the unit that is compared.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "script.h"

namespace sockopt_diff {

using bytes = std::vector<std::uint8_t>;

struct step {
	bool get = false;
	int level = 0, optname = 0;
	bytes optval;       ///< what is passed; its size is optlen. A get finds it filled with 0xa5
	bool given = false; ///< a get of what the stack decides, not the hook: the library is told the answer
	int result = 0;     ///< 0, a length, or -errno
	bytes after;        ///< optval after a get
};

struct act {
	unsigned op = 0;
	unsigned new_state = 0; ///< of a STATE_CB; 0: any
	std::vector<step> steps;
	bool done = false; ///< the op fired
};

/// Which socket's programs run the acts, and what happens to it.
enum class shape : std::uint8_t {
	listens,  ///< listen(), close()
	connects, ///< connect() to a listener, one byte sent, close()
	accepts,  ///< listen(); somebody connects, is accepted; the child is closed, then the listener
};

enum class family : std::uint8_t { v4, v6, v6only };

struct scene {
	std::string name;
	shape what = shape::listens;
	family on = family::v4;
	unsigned reserve = 0; ///< bytes that the program reserves in each HDR_OPT_LEN_CB
	std::vector<act> acts;
};

/// What of the answers depends on the machine.
struct surroundings {
	std::vector<std::string> congestion_controls;
	std::string congestion_control; ///< of a new socket
	int hz = 0;
	std::uint32_t wmem_max = 0, rmem_max = 0;
	int wmem[3] = {}, rmem[3] = {};
	// A fresh network namespace's, unless a test has changed them.
	int keepalive_time = 7200, keepalive_intvl = 75, keepalive_probes = 9,
		syn_retries = 6; ///< seconds; counts
	int rto_max_ms = 120'000, txrehash = 1, auto_flowlabels = 1;
};

inline step set(int level, int optname, bytes value) {
	return {false, level, optname, std::move(value), false, 0, {}};
}
inline step get(int level, int optname, std::size_t optlen) {
	return {true, level, optname, bytes(optlen, 0xa5), false, 0, {}};
}
/// The first bytes of a value, little-endian; beyond the eighth: 0.
bytes value_bytes(std::int64_t value, std::size_t optlen);
/// A string's, without a NUL.
bytes name_bytes(const std::string& name);

/// "set 6/1001 [14 00 00 00] -> 0"
std::string in_words(const step& what);

} // namespace sockopt_diff
