// SPDX-License-Identifier: MIT
// A run in a process of its own: it starts from the same state as each other, and may crash.
#pragma once

#include <functional>
#include <string>

#include "random_world.hpp"

namespace test {

struct child_end {
	int signal = 0;         ///< that ended it; SIGALRM: it took too long
	int status = 0;         ///< with which it exited
	std::string last_words; ///< its last note()s, if it came to grief
	outcome seen;

	bool fine() const { return signal == 0 && status == 0; }
	/// "signal 11", "status 1".
	std::string in_words() const;
};

/// One after the other: ns-3's simulator is one for a process, and a machine has few cores.
child_end run_in_child(const std::function<outcome()>& work);

/// What a child is about to do; kept for the one who asks why it died. With SOCKOPS_NOTES in the environment
/// all of it goes to stderr, too.
void note(const std::string& line);

} // namespace test
