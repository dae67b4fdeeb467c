// SPDX-License-Identifier: MIT
// A list that is walked one way under RCU, and changed at any place under the writers' lock.
#include <sockops/net/sock_attachments.hpp>

#include <sockops/sync/rcu.hpp>

namespace sockops {

void sock_attachments::push_front(sock_attachment& fresh) noexcept {
	sock_attachment* const second = rcu_access_pointer(first_);
	rcu_assign_pointer(fresh.next_on_sock, second);
	if (second)
		second->previous_on_sock = &fresh;
	rcu_assign_pointer(first_, &fresh);
}

void sock_attachments::remove(sock_attachment& old) noexcept {
	sock_attachment* const after = rcu_access_pointer(old.next_on_sock);
	if (after)
		after->previous_on_sock = old.previous_on_sock;
	if (old.previous_on_sock)
		rcu_assign_pointer(old.previous_on_sock->next_on_sock, after);
	else
		rcu_assign_pointer(first_, after); // L: release, pairs with leave()
}

void sock_attachments::leave_all() noexcept {
	const rcu_read_guard reading; // what is first may be taken off and given up meanwhile
	if (sock_attachment* const first = rcu_dereference(first_))
		first->leave(*this);
}

} // namespace sockops
