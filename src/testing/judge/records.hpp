// SPDX-License-Identifier: MIT
// The records of all maps of some objects, taken out as they come.
#pragma once

#include <sockops/testing/text_test.hpp>

namespace sockops::testing::text {

/// Opens this thread's buffer of each PERF_EVENT_ARRAY. Throws object_error where it has no room.
void open_perf_buffers(const bpf_object& object);

class record_reader {
  public:
	/// Throws object_error for a type that the objects have not, timeline_error for a map that has no
	/// records.
	record_reader(object_set& objects, const std::vector<timeline_assignment>& types);

	[[nodiscard]] std::vector<text_record> take() const;
	/// By which the records of a map are read; "": as bytes.
	[[nodiscard]] std::string type_of(const map_view& of) const;

  private:
	struct source {
		std::string name; ///< in the set
		map_view view;
		std::string type;
	};
	std::vector<source> all_;
};

} // namespace sockops::testing::text
