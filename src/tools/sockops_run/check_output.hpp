// SPDX-License-Identifier: MIT
// What --check has to tell, and whom it tells: text for people, or JSON.
#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <sockops/object/ask_kernel.hpp>
#include <sockops/object/object_check.hpp>

namespace sockops_run {

/// Before the first one.
struct check_start {
	std::size_t objects;
	std::string kernel; ///< the release of the kernel that is asked, too; "": none is
};

struct checked_program {
	sockops::program_verdict here;
	std::optional<sockops::kernel_answer> kernel;
};

/// One file, and what was said of it.
struct checked_object {
	enum class fate {
		checked,
		passed_over, ///< there is nothing in it to check
		failed       ///< it cannot be opened, or what its programs need not be made
	};
	std::string file; ///< as it was named
	fate what = fate::checked;
	std::string why{}; ///< if it was not checked
	std::string source_file{};
	sockops::u32 source_line = 0;
	std::vector<sockops::object_notice> notices{};
	std::vector<checked_program> programs{};
	std::string not_asked{}; ///< why the kernel did not come to its programs; "": it did, or was not asked
};

/// When all is over.
struct check_end {
	std::size_t taken = 0, refused = 0;      ///< programs, here
	std::size_t kernel_refused = 0;          ///< of those that are taken here
	std::size_t failed = 0, passed_over = 0; ///< objects
	std::size_t not_asked = 0;               ///< objects
	int exit_status = 0;
};

struct check_output {
	virtual ~check_output() = default;
	virtual void start(const check_start& what) = 0;
	virtual void object(const checked_object& what) = 0;
	virtual void end(const check_end& what) = 0;
};

[[nodiscard]] std::unique_ptr<check_output> make_text_check_output(std::ostream& out, bool in_colour);
[[nodiscard]] std::unique_ptr<check_output> make_json_check_output(std::ostream& out);

} // namespace sockops_run
