// SPDX-License-Identifier: MIT
// What hangs on a socket and has to let go of it before the socket goes: a list of attachments. Whoever keeps
// something for sockets (a map: its values, its entries) derives from sock_attachment; a socket knows no
// more.
//
//   readers   walk the list under RCU
//   writers   hold one lock, the same for all sockets, which is the affair of whoever attaches
//
// Context: any thread, inside programs too, as each says; leaving takes the writers' lock for a moment. Not
// from a signal handler.
#pragma once

#include <sockops/kern/types.hpp>
#include <sockops/sync/rcu_pointer.hpp>

namespace sockops {

class sock_attachments;

struct sock_attachment {
	/// Takes it off the list, and all else that is on it. On one that is first, inside a read-side section,
	/// without the writers' lock; it may have been taken off meanwhile.
	virtual void leave(sock_attachments& from) noexcept = 0;

	rcu_pointer<sock_attachment> next_on_sock;
	sock_attachment* previous_on_sock = nullptr; ///< under the lock; nullptr: it is the first

  protected:
	~sock_attachment() = default;
};

/// Stays with its socket: of a copied or moved one it is empty, and one that is assigned to keeps its own.
class sock_attachments {
  public:
	sock_attachments() = default;
	sock_attachments(const sock_attachments&) noexcept {}
	sock_attachments& operator=(const sock_attachments&) noexcept { return *this; }
	~sock_attachments() { leave(); }

	/// Lets all of it go; its memory lives until a grace period has ended. One load where there is nothing.
	void leave() noexcept {
		// L: acquire, pairs with remove(): whoever goes on to free the socket does so after a map that goes
		// at the same time has let go of it.
		if (rcu_dereference(first_)) [[unlikely]]
			leave_all();
	}

	/// Is there nothing? Of another thread's writers it tells what was.
	bool empty() const noexcept { return !rcu_access_pointer(first_); }
	/// Inside a section; `next_on_sock` of each leads on.
	sock_attachment* first() const noexcept { return rcu_dereference(first_); }

	// Under the writers' lock.

	/// Puts it in front of those that are there; readers see it from then on.
	void push_front(sock_attachment& fresh) noexcept;
	/// Its last access is the last one to a socket that then has nothing on this list.
	void remove(sock_attachment& old) noexcept;

  private:
	void leave_all() noexcept;

	rcu_pointer<sock_attachment> first_;
};

/// How much is charged to a socket: stays with it as its attachments do, and changes under the same lock.
class sock_charge {
  public:
	sock_charge() = default;
	sock_charge(const sock_charge&) noexcept {}
	sock_charge& operator=(const sock_charge&) noexcept { return *this; }

	operator u32() const noexcept { return bytes_; }
	/// Charges and gives back bytes; no limit is looked at.
	void add(u32 bytes) noexcept { bytes_ += bytes; }
	void subtract(u32 bytes) noexcept { bytes_ -= bytes; }

  private:
	u32 bytes_ = 0;
};

} // namespace sockops
