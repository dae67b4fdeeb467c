// SPDX-License-Identifier: MIT
// All helpers and kfuncs that a program can call, by subject; without bpf_tail_call(), which is no call: the
// program it names goes on in the caller's place.
#pragma once

#include "callback.hpp"
#include "dynptr.hpp"
#include "iterator.hpp"
#include "map.hpp"
#include "probe.hpp"
#include "record.hpp"
#include "section.hpp"
#include "segment.hpp"
#include "socket.hpp"
#include "string.hpp"
#include "text.hpp"
#include "time.hpp"

namespace sockops::helper {

using all_rules =
	joined<map_rules, record_rules, socket_rules, segment_rules, time_rules, text_rules, probe_rules,
		   callback_rules, dynptr_rules, iterator_rules, string_rules, section_rules>::type;

} // namespace sockops::helper
