// SPDX-License-Identifier: MIT
// What attach and detach cost here and in the kernel of this machine, in one run and one rhythm.
//
//   attach/F/N, detach/F/N                F -> F + 1 programs and back, over N cgroups without programs
//   kernel_attach/F/N, kernel_detach/F/N  the same by bpf(2); kernel_bad_flag: what asking costs
//   attach_first/0/N                      the first program that a tree ever sees
//   cycle/F/N                             attach, detach, and all memory given back
//   attach_above_leaves/N, kernel_…       0 -> 1 over N cgroups that hold a program each
//   threads_attach/F/N, …detach, …cycle   as attach, detach and cycle while another thread is registered:
//                                         what was replaced waits for a grace period then, which costs a
//                                         membarrier now and then, and in each cycle
//
// Each call is timed by itself. What reading the clock costs is measured at the start and taken off;
// the row clock shows how much of it is left.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <latch>
#include <map>
#include <thread>

#include <malloc.h>

#include <benchmark/benchmark.h>

#include "attach_trees.hpp"

namespace {

using namespace bench;
using clock = std::chrono::steady_clock;

template <class Call>
double with_clock(Call&& call) {
	const auto begin = clock::now();
	call();
	return std::chrono::duration<double>(clock::now() - begin).count();
}

/// The median of many.
double clock_cost() {
	std::vector<double> times(10'001);
	for (double& each : times)
		each = with_clock([] {});
	std::nth_element(times.begin(), times.begin() + 5'000, times.end());
	return times[5'000];
}

template <class Call>
double seconds(Call&& call) {
	static const double cost = clock_cost();
	return std::max(with_clock(call) - cost, 0.0);
}

/// One tree for all rows of its kind: ten thousand folders are not made twice.
library_tree& library_of(int descendants, bool leaves_attach) {
	static std::map<std::pair<int, bool>, std::unique_ptr<library_tree>> made;
	auto& tree = made[{descendants, leaves_attach}];
	if (!tree) {
		tree = std::make_unique<library_tree>(descendants);
		if (leaves_attach)
			tree->attach_to_leaves();
	}
	return *tree;
}

kernel_tree* kernel_of(int descendants, bool leaves_attach, benchmark::State& state) {
	static std::map<std::pair<int, bool>, std::unique_ptr<kernel_tree>> made;
	auto& tree = made[{descendants, leaves_attach}];
	std::string why_not;
	if (!tree) {
		tree = kernel_tree::make(descendants, why_not);
		if (tree && leaves_attach)
			tree->attach_to_leaves();
	}
	if (!tree)
		state.SkipWithError(why_not.c_str());
	return tree.get();
}

enum class timed { attach, detach, cycle };

/// `from` programs, then one more on and off again; `which` of it is the row's time.
template <class Tree>
void on_and_off(benchmark::State& state, Tree& tree, int from, timed which) {
	for (int i = 0; i != from; ++i)
		tree.attach(i);
	for (auto _ : state) {
		const double attach = seconds([&] { tree.attach(from); });
		const double detach = seconds([&] { tree.detach(from); });
		state.SetIterationTime(which == timed::attach ? attach : detach);
	}
	for (int i = 0; i != from; ++i)
		tree.detach(i);
}

/// Another thread that has dispatched, and lives.
class second_thread {
  public:
	second_thread()
		: thread_([this] {
			  sockops::rcu_read_lock();
			  sockops::rcu_read_unlock();
			  registered_.count_down();
			  parked_.wait(true);
		  }) {
		registered_.wait();
	}
	~second_thread() {
		parked_.store(false);
		parked_.notify_one();
		thread_.join();
	}

  private:
	std::latch registered_{1};
	std::atomic<bool> parked_{true};
	std::thread thread_;
};

void library_row(benchmark::State& state, timed which) {
	on_and_off(state, library_of(static_cast<int>(state.range(1)), false), static_cast<int>(state.range(0)),
			   which);
}

void kernel_row(benchmark::State& state, timed which) {
	if (kernel_tree* const tree = kernel_of(static_cast<int>(state.range(1)), false, state))
		on_and_off(state, *tree, static_cast<int>(state.range(0)), which);
}

void library_above_leaves(benchmark::State& state) {
	on_and_off(state, library_of(static_cast<int>(state.range(0)), true), 0, timed::attach);
}

void kernel_above_leaves(benchmark::State& state) {
	if (kernel_tree* const tree = kernel_of(static_cast<int>(state.range(0)), true, state))
		on_and_off(state, *tree, 0, timed::attach);
}

void first_row(benchmark::State& state) {
	for (auto _ : state) {
		library_tree fresh(static_cast<int>(state.range(1)));
		state.SetIterationTime(seconds([&] { fresh.attach(0); }));
	}
}

void cycle_row(benchmark::State& state) {
	const int from = static_cast<int>(state.range(0));
	library_tree& tree = library_of(static_cast<int>(state.range(1)), false);
	for (int i = 0; i != from; ++i)
		tree.attach(i);
	for (auto _ : state)
		state.SetIterationTime(seconds([&] {
			tree.attach(from);
			tree.detach(from);
			sockops::rcu_barrier();
		}));
	for (int i = 0; i != from; ++i)
		tree.detach(i);
}

template <auto Row, auto... Args>
void beside_a_thread(benchmark::State& state) {
	const second_thread other;
	Row(state, Args...);
}

void bad_flag_row(benchmark::State& state) {
	if (kernel_tree* const tree = kernel_of(0, false, state))
		for (auto _ : state)
			state.SetIterationTime(seconds([&] { tree->fail_on_a_bad_flag(); }));
}

void clock_row(benchmark::State& state) {
	for (auto _ : state)
		state.SetIterationTime(seconds([] {}));
}

void register_rows() {
	const auto add = [](const char* name, auto&& row, std::vector<std::vector<std::int64_t>> args) {
		benchmark::internal::Benchmark* const made = benchmark::RegisterBenchmark(name, row)->UseManualTime();
		if (!args.empty())
			made->ArgsProduct(args);
	};
	const std::vector<std::int64_t> from{0, 32}, below{0, 100, 1000, 10'000}, first{0};
	add("attach", [](auto& state) { library_row(state, timed::attach); }, {from, below});
	add("detach", [](auto& state) { library_row(state, timed::detach); }, {from, below});
	add("kernel_attach", [](auto& state) { kernel_row(state, timed::attach); }, {from, below});
	add("kernel_detach", [](auto& state) { kernel_row(state, timed::detach); }, {from, below});
	benchmark::RegisterBenchmark("attach_first", first_row)
		->ArgsProduct({first, below})
		->UseManualTime()
		->Iterations(20);
	add("cycle", cycle_row, {from, below});
	const std::vector<std::int64_t> ends{0, 10'000};
	add("threads_attach", beside_a_thread<library_row, timed::attach>, {from, ends});
	add("threads_detach", beside_a_thread<library_row, timed::detach>, {from, ends});
	add("threads_cycle", beside_a_thread<cycle_row>, {from, ends});
	add("attach_above_leaves", library_above_leaves, {{100, 1000, 10'000}});
	add("kernel_attach_above_leaves", kernel_above_leaves, {{100, 1000, 10'000}});
	add("kernel_bad_flag", bad_flag_row, {});
	add("clock", clock_row, {});
}

std::size_t bytes_in_use() { return mallinfo2().uordblks; }

/// What the allocator hands out for them, its own headers included.
void print_sizes() {
	using namespace sockops;
	constexpr std::size_t many = 10'000, attachments = 64;
	cgroup_root root;
	cgroup& top = *cgroup_mkdir(*root, "top");
	const std::size_t before = bytes_in_use();
	for (std::size_t i = 0; i != many; ++i)
		(void)cgroup_mkdir(top, std::to_string(i));
	const std::size_t idle = (bytes_in_use() - before) / many;
	const bpf_prog_ptr prog = make_bpf_prog("bench", [](bpf_sock_ops&) { return 1; });
	std::vector<bpf_link> links(attachments);
	for (bpf_link& link : links) // once for nothing: the allocator keeps what is freed on the way
		link = bpf_link(top, prog);
	for (bpf_link& link : links)
		link = {};
	rcu_barrier();
	const std::size_t without = bytes_in_use();
	for (bpf_link& link : links)
		link = bpf_link(top, prog);
	rcu_barrier(); // the arrays on the way
	const std::size_t with_links = (bytes_in_use() - without) / attachments;
	std::fprintf(stderr, "bytes: %zu an idle cgroup, %zu an attachment by a link (%zu of them its entry)\n",
				 idle, with_links, sizeof(bpf_prog_list));
}

} // namespace

int main(int argc, char** argv) {
	print_sizes();
	register_rows();
	benchmark::Initialize(&argc, argv);
	if (benchmark::ReportUnrecognizedArguments(argc, argv))
		return 1;
	benchmark::RunSpecifiedBenchmarks();
}
