// SPDX-License-Identifier: MIT
#include "random_walk.hpp"

#include <algorithm>
#include <cerrno>
#include <set>

namespace sockmap_diff {

namespace {

constexpr std::size_t most_sockets = 10;
constexpr unsigned passive_established = sockops::BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB;

std::string place(unsigned map, unsigned key) {
	const char* const names[] = {"array4", "array8", "hash4", "hash12"};
	return std::string(names[map]) + "[" + std::to_string(key) + "]";
}

} // namespace

namespace {

/// All keys of a SOCKHASH, and what ended the walk. They have no order that counts.
template <class Maps>
std::pair<std::set<unsigned>, long> keys_of(Maps& maps, unsigned map) {
	std::set<unsigned> keys;
	sockmap_key key{}, next{};
	long result = maps.next_key(map, nullptr, next);
	for (unsigned steps = 0; result == 0 && steps != 2 * sockmap_keys; ++steps) {
		keys.insert(next.words[0]);
		key = next;
		result = maps.next_key(map, &key, next);
	}
	return {keys, result};
}

} // namespace

random_walk::random_walk(kernel_maps& kernel, std::uint64_t seed, walk_result& result)
	: kernel_(kernel), random_(seed), seed_(seed), result_(result) {
	kernel_.seed(static_cast<unsigned>(seed));
	open_.reserve(most_sockets + 1);
}

void random_walk::compare(const std::string& what, long here, long kernel) {
	++result_.cases;
	if (here == kernel)
		return;
	differs_ = true;
	++result_.mismatches;
	if (result_.first.size() < 10)
		result_.first.push_back("SOCKOPS_SEED=" + std::to_string(seed_) + ", " + doing_ + ": " + what +
								": here " + std::to_string(here) + ", the kernel " + std::to_string(kernel));
}

void random_walk::replay(open_socket_of* listener) {
	for (const sockmap_call& call : kernel_.take_calls()) {
		result_.ops.insert(call.op);
		result_.entered += !call.erase && call.result == 0;
		result_.deleted_closing +=
			call.erase && call.result == 0 && call.op == sockops::BPF_SOCK_OPS_STATE_CB;
		if (call.op == passive_established && listener &&
			std::find(listener->queue.begin(), listener->queue.end(), call.cookie) == listener->queue.end())
			listener->queue.push_back(call.cookie);
		compare(std::string(call.erase ? "delete " : "update ") + place(call.map, call.key) + " flags " +
					std::to_string(call.flags) + " in op " + std::to_string(call.op),
				library_.play(call), call.result);
	}
}

bool random_walk::is_closed_but_open(std::uint64_t cookie) const {
	for (const open_socket_of& each : open_)
		if (each.cookie == cookie)
			return state_of(each.fd.get()) == sockops::TCP_CLOSE;
	return false;
}

void random_walk::compare_walks() {
	for (const unsigned map : {map_hash4, map_hash12}) {
		const auto [here, end_here] = keys_of(library_, map);
		const auto [there, end_there] = keys_of(kernel_, map);
		compare("the end of a walk", end_here, end_there);
		for (unsigned key = 0; key != sockmap_keys; ++key)
			compare("walk to " + place(map, key), here.contains(key), there.contains(key));
		const sockmap_key absent = key_of(sockmap_keys);
		sockmap_key next{};
		compare("key after one that is not there", library_.next_key(map, &absent, next),
				kernel_.next_key(map, &absent, next));
	}
}

void random_walk::compare_maps() {
	compare_walks();
	for (unsigned map = 0; map != sockmap_maps; ++map)
		for (unsigned key = 0; key != sockmap_keys; ++key) {
			std::uint64_t here = 0, there = 0;
			const int found = library_.lookup(map, key, here);
			compare("lookup of " + place(map, key), found, kernel_.lookup(map, key, there));
			if (has_cookies(map) && found == 0)
				result_.in_state_close += is_closed_but_open(there);
			if (has_cookies(map))
				compare("cookie of " + place(map, key), static_cast<long>(here), static_cast<long>(there));
		}
}

random_walk::open_socket_of* random_walk::any(bool listens) {
	std::vector<open_socket_of*> all;
	for (open_socket_of& each : open_)
		if (each.listens == listens)
			all.push_back(&each);
	return all.empty() ? nullptr : all[below(static_cast<std::uint32_t>(all.size()))];
}

void random_walk::open_listener() {
	doing_ = "listen";
	open_socket_of fresh{open_socket(kernel_.cgroup_fd()), 0, true, {}};
	fresh.cookie = cookie_of(fresh.fd.get());
	if (listen_on(fresh.fd.get()))
		open_.push_back(std::move(fresh));
	replay();
}

void random_walk::connect_one() {
	open_socket_of* const listener = any(true);
	if (!listener)
		return open_listener();
	doing_ = "connect";
	if (open_socket_of* const again = any(false); again && state_of(again->fd.get()) == sockops::TCP_CLOSE) {
		doing_ = "connect once more";
		(void)disconnect(again->fd.get()); // one that was reset counts as connected until then
		compare("connect", true, connect_to(again->fd.get(), listener->fd.get()));
	} else {
		open_socket_of fresh{open_socket(kernel_.cgroup_fd()), 0, false, {}};
		fresh.cookie = cookie_of(fresh.fd.get());
		compare("connect", true, connect_to(fresh.fd.get(), listener->fd.get()));
		open_.push_back(std::move(fresh));
	}
	replay(listener);
}

void random_walk::accept_one() {
	open_socket_of* const listener = any(true);
	if (!listener)
		return;
	doing_ = "accept";
	open_socket_of fresh{accept_from(listener->fd.get()), 0, false, {}};
	replay();
	if (!fresh.fd)
		return;
	fresh.cookie = cookie_of(fresh.fd.get());
	std::erase(listener->queue, fresh.cookie);
	open_.push_back(std::move(fresh));
}

void random_walk::queue_ends(open_socket_of& listener) {
	for (const std::uint64_t child : listener.queue)
		library_.destroy(child);
	listener.queue.clear();
	listener.listens = false;
}

void random_walk::close_one(std::size_t at) {
	open_socket_of& one = open_[at];
	doing_ = one.listens ? "close of a listener" : "close";
	if (below(3) == 0)
		reset_at_close(one.fd.get());
	library_.close(one.cookie); // before the STATE_CBs that closing brings
	one.fd.close();
	replay();
	queue_ends(one); // after the listener's own
	open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(at));
}

void random_walk::disconnect_one() {
	open_socket_of* const one = any(below(4) == 0);
	if (!one)
		return;
	doing_ = one->listens ? "disconnect of a listener" : "disconnect";
	const bool stopped = disconnect(one->fd.get()) && one->listens;
	replay();
	if (stopped)
		queue_ends(*one);
}

void random_walk::change_by_syscall() {
	const unsigned map = below(sockmap_maps), key = below(sockmap_keys);
	if (below(3) == 0 || open_.empty()) {
		doing_ = "delete by bpf(2)";
		compare(place(map, key), library_.erase(map, key), kernel_.erase(map, key));
		return;
	}
	const open_socket_of& one = open_[below(static_cast<std::uint32_t>(open_.size()))];
	const std::uint64_t flags = below(10) == 0 ? 3 : below(3);
	const std::uint8_t state = state_of(one.fd.get());
	doing_ = "update by bpf(2) in state " + std::to_string(state) + " flags " + std::to_string(flags);
	compare(place(map, key), library_.update(map, key, one.cookie, state, flags),
			kernel_.update(map, key, one.fd.get(), flags));
}

void random_walk::step() {
	const std::uint32_t chance = below(100);
	if (open_.size() >= most_sockets || (chance < 15 && !open_.empty()))
		close_one(below(static_cast<std::uint32_t>(open_.size())));
	else if (chance < 25)
		open_listener();
	else if (chance < 45)
		connect_one();
	else if (chance < 60)
		accept_one();
	else if (chance < 70)
		disconnect_one();
	else if (open_socket_of* const one = any(false); chance < 75 && one) {
		doing_ = "send";
		send_some(one->fd.get());
		replay();
	} else
		change_by_syscall();
	compare_maps();
}

void random_walk::run(unsigned steps) {
	(void)kernel_.take_calls();
	for (unsigned i = 0; i != steps && !differs_; ++i)
		step();
	while (!open_.empty())
		close_one(open_.size() - 1);
	doing_ = "the end";
	compare("entries", static_cast<long>(library_.count()), 0);
	compare_maps();
	for (unsigned map = 0; map != sockmap_maps;
		 ++map) // also after a difference: the next walk finds them empty
		for (unsigned key = 0; key != sockmap_keys; ++key)
			(void)kernel_.erase(map, key);
}

} // namespace sockmap_diff
