// SPDX-License-Identifier: MIT
// The maps and variables of all objects of a run, by the names that they have in it.
#pragma once

#include <sockops/object/object_set.hpp>

#include "map_watch.hpp"

namespace sockops_run {

class map_watches {
  public:
	/// Throws object_error for names and types that the objects have not. Both outlive it.
	map_watches(sockops::object_set& objects, const arguments& with);

	/// As those of map_watch.
	[[nodiscard]] std::vector<map_change> changes(sockops::sock* sk, const socket_names& names);
	[[nodiscard]] std::vector<map_record> records();
	void forget(const sockops::sock_common& sk);
	[[nodiscard]] std::vector<map_watch::contents> all_contents() const;
	/// Of one object, by its place.
	[[nodiscard]] const std::vector<std::string>& notices(std::size_t object) const {
		return each_[object].notices();
	}

  private:
	/// Of one object, with the names as they are in the run: the object's before them where it is needed.
	template <class Named>
	std::vector<Named> named(std::size_t object, std::vector<Named> of) const;

	std::vector<map_watch> each_;
	std::vector<std::map<std::string, std::string>> names_; ///< by object: of maps and of watched variables
};

} // namespace sockops_run
