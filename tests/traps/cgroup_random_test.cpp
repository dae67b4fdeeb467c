// SPDX-License-Identifier: MIT
// Random attach, detach, mkdir, rmdir and close on a tree, against a second model of the rules,
// written from their description: each errno, each list, and what runs for each socket after each
// step. Some steps find no memory. SOCKOPS_TEST_SEED and SOCKOPS_TEST_STEPS change the run.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "../no_memory.hpp"
#include "support.hpp"

namespace {

using namespace trap_test;

struct random_source {
	u64 state;
	u32 below(u32 limit) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		return static_cast<u32>((state >> 20) % limit);
	}
	bool one_in(u32 n) { return below(n) == 0; }
};

struct shape {
	const char* name;
	u32 cgroups, programs, detach_one_in;
};

struct entry {
	int id, prog;
};

struct node {
	node* parent;
	cgroup* real;
	std::string name;
	bool online = true;
	std::unique_ptr<scoped_tcp_sock> sk{};
	std::vector<entry> list{}, effective{};
	u32 mode = 0;
	u64 revision = 1;

	bool multi() const { return mode == 2; }
};

class random_tree {
  public:
	random_tree(const shape& of, u64 seed) : shape_(of), random_{seed} {
		for (u32 i = 0; i != of.programs; ++i)
			programs_.push_back(make_bpf_prog("numbered", [this, i](bpf_sock_ops&) {
				ran_.push_back(static_cast<int>(i));
				return 1;
			}));
		nodes_.push_back(std::make_unique<node>(node{.parent = nullptr, .real = &*root_, .name = ""}));
		nodes_[0]->sk = std::make_unique<scoped_tcp_sock>(in_, *root_);
	}

	void step() {
		node& at = *nodes_[random_.below(static_cast<u32>(nodes_.size()))];
		const bool no_memory = random_.one_in(8);
		fail_allocations_after(no_memory ? 0 : -1);
		const u32 dice = random_.below(100);
		if (dice < 12)
			mkdir(at, no_memory);
		else if (dice < 18)
			rmdir(at);
		else if (dice < 24)
			close(at);
		else if (random_.one_in(shape_.detach_one_in))
			detach(at);
		else
			attach(at, no_memory);
		fail_allocations_after(-1);
		check();
	}

  private:
	static int walk_up(const node& from) { // the hierarchy rule
		for (const node* above = from.parent; above; above = above->parent) {
			if (above->list.empty())
				continue;
			return above->mode == 0 ? -EPERM : 0;
		}
		return 0;
	}
	static bool is_under(const node* below, const node& top) {
		while (below && below != &top)
			below = below->parent;
		return below != nullptr;
	}
	static std::vector<entry> collect(const node& of) {
		std::vector<entry> all;
		for (const node* level = &of; level; level = level->parent)
			if (all.empty() || level->multi())
				all.insert(all.end(), level->list.begin(), level->list.end());
		return all;
	}
	void recompute(const node& top) {
		for (auto& each : nodes_)
			if (is_under(each.get(), top))
				each->effective = collect(*each);
	}
	static auto find(std::vector<entry>& list, int prog) {
		return std::find_if(list.begin(), list.end(), [&](const entry& e) { return e.prog == prog; });
	}

	int attach_result(node& to, u32 flags, int prog) {
		if (flags & ~7u)
			return -EINVAL;
		if (!to.online)
			return -ENOENT;
		if (flags == 3 || flags == 4) // two modes; REPLACE without ALLOW_MULTI
			return -EINVAL;
		if (const int error = walk_up(to))
			return error;
		if (!to.list.empty() && to.mode != flags)
			return -EPERM;
		if (to.list.size() >= 64)
			return -E2BIG;
		if (flags == 2 && find(to.list, prog) != to.list.end())
			return -EINVAL;
		return 0;
	}
	void attach(node& to, bool no_memory) {
		static constexpr u32 kinds[] = {0, 1, 1, 2, 2, 2, 2, 2, 2, 3, 4, 0x80};
		const u32 flags = kinds[random_.below(random_.one_in(2) ? 9 : std::size(kinds))];
		const auto prog = random_.below(shape_.programs);
		int expected = attach_result(to, flags, static_cast<int>(prog));
		if (expected == 0 && no_memory)
			expected = -ENOMEM;
		const int result = cgroup_bpf_attach(*to.real, programs_[prog], flags);
		EXPECT_EQ(result, expected) << "attach " << prog << " flags " << flags;
		if (result != 0)
			return;
		if (flags != 2)
			to.list.clear();
		to.list.push_back({next_id_++, static_cast<int>(prog)});
		to.mode = flags;
		++to.revision;
		recompute(to);
	}

	void detach(node& from) {
		const bool unnamed = random_.one_in(10);
		int prog = static_cast<int>(random_.below(shape_.programs));
		if (!from.list.empty() && random_.below(3) != 0)
			prog = from.list[random_.below(static_cast<u32>(from.list.size()))].prog;
		auto at = from.multi() ? find(from.list, prog) : from.list.begin();
		const int expected = !from.online              ? -ENOENT
							 : from.multi() && unnamed ? -EINVAL
							 : at == from.list.end()   ? -ENOENT
													   : 0;
		const bpf_prog* const named = unnamed ? nullptr : programs_[static_cast<u32>(prog)].get();
		EXPECT_EQ(cgroup_bpf_detach(*from.real, named), expected) << "detach " << prog;
		if (expected != 0)
			return;
		from.list.erase(at);
		if (from.list.empty())
			from.mode = 0;
		++from.revision;
		recompute(from); // without memory too: a dummy is nothing, and who has no programs shares
	}

	void mkdir(node& under, bool no_memory) {
		if (nodes_.size() >= shape_.cgroups)
			return;
		const std::string name = std::to_string(random_.below(6));
		const bool taken = std::any_of(nodes_.begin(), nodes_.end(), [&](const auto& each) {
			return each->parent == &under && each->online && each->name == name;
		});
		const int expected = !under.online ? -ENOENT : taken ? -EEXIST : no_memory ? -ENOMEM : 0;
		int error = 0;
		cgroup* const made = cgroup_mkdir(*under.real, name, &error);
		EXPECT_EQ(error, expected) << "mkdir";
		EXPECT_EQ(made != nullptr, expected == 0);
		if (!made)
			return;
		nodes_.push_back(std::make_unique<node>(node{.parent = &under, .real = made, .name = name}));
		nodes_.back()->effective = collect(*nodes_.back());
		if (!random_.one_in(6))
			nodes_.back()->sk = std::make_unique<scoped_tcp_sock>(in_, *made);
	}
	bool has_child(const node& of, bool online_only) const {
		return std::any_of(nodes_.begin(), nodes_.end(), [&](const auto& each) {
			return each->parent == &of && (each->online || !online_only);
		});
	}
	void rmdir(node& which) {
		const int expected = !which.online ? -ENOENT : !which.parent || has_child(which, true) ? -EBUSY : 0;
		EXPECT_EQ(cgroup_rmdir(*which.real), expected) << "rmdir";
		if (expected == 0) {
			which.online = false;
			forget(&which);
		}
	}
	/// The last socket of a removed cgroup goes.
	void close(node& in_which) {
		if (in_which.online)
			return;
		in_which.sk.reset();
		forget(&in_which);
	}
	/// Removed cgroups live on while a socket or a child refers to them.
	void forget(node* gone) {
		while (gone && !gone->online && !gone->sk && !has_child(*gone, false)) {
			node* const parent = gone->parent;
			std::erase_if(nodes_, [&](const auto& each) { return each.get() == gone; });
			gone = parent;
		}
	}

	static std::vector<int> numbers(const std::vector<entry>& list) {
		std::vector<int> all;
		for (const entry& each : list)
			all.push_back(each.prog);
		return all;
	}
	std::vector<int> asked(node& of, bool effective) {
		const bpf_prog* progs[1024];
		cgroup_bpf_query_result result{};
		EXPECT_EQ(cgroup_bpf_query(*of.real, effective, progs, std::size(progs), result), 0);
		EXPECT_EQ(result.attach_flags, effective ? 0 : of.mode);
		EXPECT_EQ(result.revision, effective ? 0 : of.revision);
		std::vector<int> all;
		for (std::size_t i = 0; i != result.prog_cnt; ++i)
			for (std::size_t k = 0; k != programs_.size(); ++k)
				if (programs_[k].get() == progs[i])
					all.push_back(static_cast<int>(k));
		return all;
	}
	void check() {
		std::size_t attached = 0;
		for (auto& each : nodes_) {
			attached += each->list.size();
			if (each->online) {
				EXPECT_EQ(asked(*each, false), numbers(each->list));
				EXPECT_EQ(asked(*each, true), numbers(each->effective));
			}
			if (!each->sk)
				continue;
			ran_.clear();
			EXPECT_EQ(tcp_call_bpf(each->sk.get(), BPF_SOCK_OPS_TCP_LISTEN_CB, 0, nullptr), 0);
			EXPECT_EQ(ran_, numbers(each->effective));
		}
		EXPECT_EQ(static_key_count(cgroup_bpf_enabled_key[CGROUP_SOCK_OPS]), attached);
	}

	const shape shape_;
	random_source random_;
	net in_;
	cgroup_root root_;
	std::vector<bpf_prog_ptr> programs_;
	std::vector<std::unique_ptr<node>> nodes_; ///< sockets first to go, then the tree
	std::vector<int> ran_;
	int next_id_ = 0;
};

u64 number_from(const char* variable, u64 standard) {
	const char* const text = std::getenv(variable);
	return text ? std::strtoull(text, nullptr, 0) : standard;
}

void run(const shape& of, u64 steps) {
	const u64 seed = number_from("SOCKOPS_TEST_SEED", 20'190'107);
	steps = number_from("SOCKOPS_TEST_STEPS", steps);
	std::printf("%s: SOCKOPS_TEST_SEED=%llu SOCKOPS_TEST_STEPS=%llu\n", of.name,
				static_cast<unsigned long long>(seed), static_cast<unsigned long long>(steps));
	random_tree tree(of, seed);
	for (u64 i = 0; i != steps && !::testing::Test::HasFailure(); ++i) {
		SCOPED_TRACE(i);
		tree.step();
	}
}

TEST(cgroup_random, a_tree_of_many_small_lists) { run({"small lists", 14, 20, 2}, 30'000); }
TEST(cgroup_random, a_few_cgroups_with_up_to_64_programs_each) { run({"long lists", 4, 90, 5}, 6'000); }

} // namespace
