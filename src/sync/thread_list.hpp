// SPDX-License-Identifier: MIT
// The threads that a grace period looks at.
#pragma once

#include <sockops/sync/thread_word.hpp>

namespace sockops::detail {

/// Registered threads: a list through the thread states themselves, which must stay trivially
/// destructible and therefore cannot hold a Boost.Intrusive hook.
class thread_list {
  public:
	void add(thread_state& thread) noexcept {
		thread.registry_prev = nullptr;
		thread.registry_next = first_;
		if (first_)
			first_->registry_prev = &thread;
		first_ = &thread;
		thread.registered = true;
	}

	void remove(thread_state& thread) noexcept {
		(thread.registry_prev ? thread.registry_prev->registry_next : first_) = thread.registry_next;
		if (thread.registry_next)
			thread.registry_next->registry_prev = thread.registry_prev;
		thread.registered = false;
	}

	/// After fork: forgets everybody but the caller.
	void keep_only(thread_state& self) noexcept {
		first_ = nullptr;
		if (self.registered)
			add(self);
	}

	bool has_other_than(const thread_state& self) const noexcept {
		return first_ && (first_ != &self || first_->registry_next);
	}

	template <class Fn>
	void for_each(Fn&& fn) const {
		for (thread_state* thread = first_; thread; thread = thread->registry_next)
			fn(*thread);
	}

  private:
	thread_state* first_ = nullptr;
};

} // namespace sockops::detail
