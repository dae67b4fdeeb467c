// SPDX-License-Identifier: MIT
// The same walk under liburcu's membarrier flavour, its read side inlined.

#include "rows.hpp"

// After our headers: liburcu's macros would rename our functions.
#define URCU_INLINE_SMALL_FUNCTIONS
#define _LGPL_SOURCE
#include <urcu/urcu-memb.h>

namespace bench {

namespace {

struct urcu_section {
	[[gnu::always_inline]] urcu_section() noexcept { urcu_memb_read_lock(); }
	[[gnu::always_inline]] ~urcu_section() { urcu_memb_read_unlock(); }
};

struct urcu_policy : sockops::run_policy_4_19 {
	using section = urcu_section;
};

struct thread_registration {
	thread_registration() { urcu_memb_register_thread(); }
	~thread_registration() { urcu_memb_unregister_thread(); }
};

} // namespace

void register_urcu_rows() {
	static const thread_registration registered;
	register_rows<urcu_policy>("urcu_memb");
}

} // namespace bench
