// SPDX-License-Identifier: MIT
// Passing one CPU between threads.

#include <sockops/testing/uniprocessor.hpp>

#include <utility>

namespace sockops::testing {

uniprocessor::task_id uniprocessor::spawn(std::string name, int priority, bool runnable,
										  std::function<void()> body) {
	std::lock_guard held(lock_);
	tasks_.push_back({std::move(name),
					  priority,
					  runnable ? task_state::runnable : task_state::asleep,
					  std::move(body),
					  {}});
	const task_id id = tasks_.size() - 1;
	tasks_[id].thread = std::thread([this, id] { run_task(id); });
	return id;
}

std::string uniprocessor::run() {
	{
		std::unique_lock held(lock_);
		current_ = most_urgent();
		cpu_changed_.notify_all();
		cpu_changed_.wait(held, [&] { return current_ == nobody; });
		// Whoever still sleeps now will never be woken.
		all_asleep_ = true;
		for (task& each : tasks_)
			if (each.state == task_state::asleep && failure_.empty())
				failure_ = each.name + " sleeps and nobody is left to wake it";
		cpu_changed_.notify_all();
	}
	for (task& each : tasks_)
		each.thread.join();
	return std::exchange(failure_, {});
}

uniprocessor::task_id uniprocessor::most_urgent() const noexcept {
	task_id best = nobody;
	for (task_id id = 0; id != tasks_.size(); ++id)
		if (tasks_[id].state == task_state::runnable &&
			(best == nobody || tasks_[id].priority > tasks_[best].priority))
			best = id;
	return best;
}

void uniprocessor::run_task(task_id self) {
	set_scheduler(this);
	{
		std::unique_lock held(lock_);
		cpu_changed_.wait(held, [&] { return current_ == self || all_asleep_; });
		if (current_ != self)
			return;
	}
	try {
		tasks_[self].body();
	} catch (const cannot_go_on&) {
	}
	set_scheduler(nullptr);
	std::lock_guard held(lock_);
	tasks_[self].state = task_state::ended;
	if (current_ == self)
		current_ = most_urgent();
	cpu_changed_.notify_all();
}

/// Hands the CPU to the most urgent task and waits to get it back.
void uniprocessor::give_cpu(task_id self, std::unique_lock<std::mutex>& held) {
	current_ = most_urgent();
	cpu_changed_.notify_all();
	cpu_changed_.wait(held, [&] { return current_ == self || all_asleep_; });
}

void uniprocessor::schedule() noexcept {
	std::unique_lock held(lock_);
	give_cpu(current_, held);
}

void uniprocessor::cond_resched() {
	if (preempt_count() == 0 && need_resched())
		preempt_check_resched();
}

void uniprocessor::wake(task_id which) {
	std::lock_guard held(lock_);
	if (tasks_[which].state != task_state::asleep)
		return;
	tasks_[which].state = task_state::runnable;
	if (tasks_[which].priority > tasks_[current_].priority)
		set_need_resched();
}

/// The caller waits for a wake().
void uniprocessor::sleep() {
	std::unique_lock held(lock_);
	const task_id self = current_;
	tasks_[self].state = task_state::asleep;
	give_cpu(self, held);
	if (all_asleep_)
		throw cannot_go_on{};
}

void uniprocessor::stuck(std::string why) {
	{
		std::lock_guard held(lock_);
		failure_ = std::move(why);
	}
	throw cannot_go_on{};
}

void spinning_lock::lock() {
	if (holder_ != uniprocessor::nobody)
		cpu_.stuck(cpu_.name(cpu_.current()) + " spins on a lock that " + cpu_.name(holder_) +
				   " holds, which cannot run meanwhile: deadlock");
	holder_ = cpu_.current();
}

void sleeping_lock::lock() {
	while (holder_ != uniprocessor::nobody) {
		waiters_.push_back(cpu_.current());
		cpu_.sleep();
	}
	holder_ = cpu_.current();
}

void sleeping_lock::unlock() {
	holder_ = uniprocessor::nobody;
	while (!waiters_.empty()) {
		const uniprocessor::task_id waiter = waiters_.front();
		waiters_.pop_front();
		cpu_.wake(waiter);
	}
	cpu_.cond_resched();
}

} // namespace sockops::testing
