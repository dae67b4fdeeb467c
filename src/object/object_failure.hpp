// SPDX-License-Identifier: MIT
// Throwing object_error.
#pragma once

#include <sockops/object/bpf_object.hpp>
#include <sockops/vm/prog_load.hpp>

#include "refusal_words.hpp"

namespace sockops::object {

/// `error`: errno, positive.
[[noreturn]] inline void fail_object(int error, const std::string& message, const bpf_source_line& at = {}) {
	object_error failure(message);
	failure.error = error;
	failure.source_file = at.file;
	failure.source_line = at.line;
	throw failure;
}

/// Of a program, whose message says where it is.
[[noreturn]] inline void fail_refused(const bpf_load_error& why) {
	object_error failure(why.message + below_the_reason(why));
	failure.error = why.error;
	failure.source_file = why.line.file;
	failure.source_line = why.line.line;
	failure.rule = why.rule;
	failure.way = why.way;
	throw failure;
}

/// Does what may throw object_error, which then carries `notices`, as they are by then.
template <class Action>
void with_notices(const std::vector<object_notice>& notices, Action action) {
	try {
		action();
	} catch (object_error& failure) {
		failure.notices = notices;
		throw;
	}
}

} // namespace sockops::object
