// SPDX-License-Identifier: MIT
// What the hooked nodes of one simulation share: a net that runs on simulated time, and a tree of
// cgroups. Sockets keep it alive, so that it may go out of scope before Simulator::Destroy().
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/ns3_releases.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <ns3/abort.h>
#include <ns3/nstime.h>
#include <ns3/object.h>
#include <ns3/rng-seed-manager.h>
#include <ns3/rng-stream.h>
#include <ns3/simple-ref-count.h>
#include <ns3/simulator.h>

#include <sockops/cgroup/cgroup.hpp>
#include <sockops/net/net.hpp>
#include <sockops/net/observer.hpp>

namespace ns3 {

class SockOpsSpace : public SimpleRefCount<SockOpsSpace> {
  public:
	explicit SockOpsSpace(const sockops::net_profile& profile)
		: m_random(RngSeedManager::GetSeed(), RandomStream, RngSeedManager::GetRun()),
		  m_net(WithoutHeaderOptions(profile), {Now, NextRandom, this, 1}) {}
	~SockOpsSpace() {
		for (const auto& [path, cgroup] : m_cgroups)
			sockops::cgroup_put(*cgroup);
	}
	SockOpsSpace(const SockOpsSpace&) = delete;
	SockOpsSpace& operator=(const SockOpsSpace&) = delete;

	/// The net, on simulated time.
	sockops::net& GetNet() { return m_net; }

	/// An observer that is told as long as this lives, made of `args`.
	template <class Observer, class... Args>
	Observer& Watch(Args&&... args) {
		struct Watching {
			Watching(sockops::net& in, Args&&... args) : who(std::forward<Args>(args)...), watch(in, who) {}
			Observer who;
			sockops::net_watch watch;
		};
		auto made = std::make_shared<Watching>(m_net, std::forward<Args>(args)...);
		m_observers.push_back(made);
		return made->who;
	}

	/// `told` is told of each hooked socket that goes: its address may be another's soon.
	void WhenFreed(std::function<void(const sockops::sock_common&)> told) {
		m_whenFreed.push_back(std::move(told));
	}
	void Freed(const sockops::sock_common& sk) const {
		for (const auto& told : m_whenFreed)
			told(sk);
	}

	/// Keeps what a program has replaced, as an event of its own may still come to it: a TcpWestwoodPlus
	/// waits for a round trip, and is not told that it is out of use.
	void Retire(Ptr<Object> replaced) {
		const Time now = Simulator::Now();
		while (!m_retired.empty() && now - m_retired.front().first > LongestWait)
			m_retired.pop_front();
		m_retired.emplace_back(now, replaced);
	}

	/// The cgroup of a path such as "/fleet/web", made with all above it where it is missing; "/" is
	/// the root. The reference stays good as long as this object, also after a cgroup_rmdir().
	sockops::cgroup& GetCgroup(const std::string& path) {
		NS_ABORT_MSG_IF(path.empty() || path[0] != '/',
						"SockOps: cgroup path '" << path << "': a path begins with '/'");
		if (path == "/")
			return *m_root;
		if (const auto known = m_cgroups.find(path); known != m_cgroups.end())
			return *known->second;
		const std::size_t slash = path.rfind('/');
		return MakeCgroup(GetCgroup(slash == 0 ? "/" : path.substr(0, slash)), path, path.substr(slash + 1));
	}

  private:
	/// Of ns-3's random streams: far above those given out in turn, so that the other variables of
	/// a script keep theirs, and its run its numbers.
	static constexpr uint64_t RandomStream = (uint64_t{1} << 63) + 0x736f636b;

	/// Longer than a round trip; not much longer, as programs may replace something at each of them.
	static inline const Time LongestWait = Minutes(1);

	/// The flags of ops that ns-3 has no place for are none that a program can set.
	static sockops::net_profile WithoutHeaderOptions(sockops::net_profile profile) {
		profile.cb_flags &= static_cast<sockops::u8>(~(sockops::BPF_SOCK_OPS_PARSE_ALL_HDR_OPT_CB_FLAG |
													   sockops::BPF_SOCK_OPS_PARSE_UNKNOWN_HDR_OPT_CB_FLAG |
													   sockops::BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG));
		return profile;
	}
	static sockops::u64 Now(void*) { return static_cast<sockops::u64>(Simulator::Now().GetNanoSeconds()); }
	static sockops::u32 NextRandom(void* space) {
		return static_cast<sockops::u32>(static_cast<SockOpsSpace*>(space)->m_random.RandU01() *
										 4294967296.0);
	}

	sockops::cgroup& MakeCgroup(sockops::cgroup& parent, const std::string& path, const std::string& name) {
		int error = 0;
		sockops::cgroup* const made = sockops::cgroup_mkdir(parent, name, &error);
		NS_ABORT_MSG_IF(!made, "SockOps: cgroup '"
								   << path << "' cannot be made: error " << error
								   << " (-22: an empty name; -2: the parent was removed; -17: "
									  "it was made by cgroup_mkdir(), not by its path)");
		sockops::cgroup_get(*made);
		m_cgroups.emplace(path, made);
		return *made;
	}

	RngStream m_random;
	sockops::net m_net;
	std::vector<std::function<void(const sockops::sock_common&)>> m_whenFreed;
	std::vector<std::shared_ptr<void>> m_observers; ///< they go before the net
	sockops::cgroup_root m_root;
	std::map<std::string, sockops::cgroup*> m_cgroups;  ///< by path; a reference each
	std::deque<std::pair<Time, Ptr<Object>>> m_retired; ///< and since when
};

/// Jiffies of a net as simulated time.
inline Time JiffiesToTime(const sockops::net& in, sockops::u32 jiffies) {
	return NanoSeconds(uint64_t{jiffies} * 1'000'000'000 / in.profile.hz);
}
/// Simulated time in jiffies of a net, rounded up.
inline sockops::u32 TimeToJiffies(const sockops::net& in, Time time) {
	return static_cast<sockops::u32>(
		sockops::usecs_to_jiffies(in, static_cast<sockops::u64>(time.GetMicroSeconds())));
}

} // namespace ns3
