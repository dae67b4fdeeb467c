// SPDX-License-Identifier: MIT
// What the maps that hang something on sockets share: the lock of their writers, and how what was unlinked
// goes.
#pragma once

#include <mutex>
#include <new>

#include <sockops/net/sock_attachments.hpp>
#include <sockops/sync/rcu.hpp>

namespace sockops::detail {

/// One for all maps and sockets: an entry hangs in a list of both. Nothing is queued for a grace period
/// while it is held: call_rcu() may run callbacks, and those may take it.
std::mutex& socket_elements_mutex() noexcept;

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

/// sock_attachment::leave() of all that is on a list; `unlink` is called under the lock.
template <class Element>
void leave_by(sock_attachments& from, void (*unlink)(Element*) noexcept) noexcept {
	dead_list<Element> dead;
	std::lock_guard held(socket_elements_mutex());
	while (sock_attachment* const first = from.first()) {
		auto* const each = static_cast<Element*>(first);
		unlink(each);
		dead.add(each);
	}
}

} // namespace sockops::detail
