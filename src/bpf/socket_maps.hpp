// SPDX-License-Identifier: MIT
// What the maps that hold something for sockets share: the lock of their writers, and how what was
// unlinked goes.
#pragma once

#include <mutex>
#include <new>

#include <sockops/sync/rcu.hpp>

namespace sockops::detail {

/// One for all maps and sockets: an entry hangs in a list of both. Nothing is queued for a grace period
/// while it is held: call_rcu() may run callbacks, and those may take it.
std::mutex& socket_maps_mutex() noexcept;

/// Elements that have been unlinked; queued for the end of a grace period when it goes, which is to be
/// after the lock. Element: an rcu_head with a member `next_dead`, from ::operator new.
template <class Element>
class dead_list {
  public:
	dead_list() = default;
	dead_list(const dead_list&) = delete;
	dead_list& operator=(const dead_list&) = delete;
	~dead_list() {
		while (Element* const dead = first_) {
			first_ = dead->next_dead;
			call_rcu(dead, [](rcu_head* head) { ::operator delete(static_cast<Element*>(head)); });
		}
	}
	void add(Element* dead) noexcept {
		dead->next_dead = first_;
		first_ = dead;
	}

  private:
	Element* first_ = nullptr;
};

} // namespace sockops::detail
