// SPDX-License-Identifier: MIT
// The queue of call_rcu(): heads in the order of their grace periods.
#pragma once

#include <sockops/sync/rcu.hpp>

namespace sockops::detail {

class callback_queue {
  public:
	bool empty() const noexcept { return head_ == nullptr; }
	std::size_t size() const noexcept { return size_; }

	void push(rcu_head* head) noexcept {
		head->next = nullptr;
		*tail_ = head;
		tail_ = &head->next;
		++size_;
	}

	/// Takes those whose grace period is not after `completed`.
	callback_queue take_ready(u64 completed) noexcept {
		callback_queue ready;
		while (head_ && head_->grace_period <= completed)
			ready.push(pop());
		return ready;
	}

	rcu_head* pop() noexcept {
		rcu_head* first = head_;
		head_ = first->next;
		if (!head_)
			tail_ = &head_;
		--size_;
		return first;
	}

	callback_queue() = default;
	callback_queue(callback_queue&& other) noexcept
		: head_(other.head_), tail_(other.head_ ? other.tail_ : &head_), size_(other.size_) {
		other.head_ = nullptr;
		other.tail_ = &other.head_;
		other.size_ = 0;
	}
	callback_queue& operator=(callback_queue&&) = delete;

  private:
	rcu_head* head_ = nullptr;
	rcu_head** tail_ = &head_;
	std::size_t size_ = 0;
};

} // namespace sockops::detail
