// SPDX-License-Identifier: MIT
#include "kernel_side.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "../cgroup_folder.hpp"
#include "socket_in_cgroup.hpp"

namespace sockopt_diff {

namespace {

using kernel_diff::owned_fd;

std::string because(const char* what) { return std::string(what) + ": " + std::strerror(errno); }

template <class T>
T read_sysctl(const char* path) {
	T value{};
	std::ifstream(std::string("/proc/sys/net/") + path) >> value;
	return value;
}

surroundings look_around() {
	surroundings found;
	std::ifstream names("/proc/sys/net/ipv4/tcp_available_congestion_control");
	for (std::string name; names >> name;)
		found.congestion_controls.push_back(name);
	found.congestion_control = read_sysctl<std::string>("ipv4/tcp_congestion_control");
	found.wmem_max = read_sysctl<std::uint32_t>("core/wmem_max");
	found.rmem_max = read_sysctl<std::uint32_t>("core/rmem_max");
	std::ifstream wmem("/proc/sys/net/ipv4/tcp_wmem"), rmem("/proc/sys/net/ipv4/tcp_rmem");
	for (int at = 0; at != 3; ++at) {
		wmem >> found.wmem[at];
		rmem >> found.rmem[at];
	}
	return found;
}

bool set_loopback_up() {
	const owned_fd any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	ifreq request{};
	std::strcpy(request.ifr_name, "lo");
	request.ifr_flags = IFF_UP;
	return any && ::ioctl(any.get(), SIOCSIFFLAGS, &request) == 0;
}

/// The loopback address of a family, with a port.
struct address {
	sockaddr_storage storage{};
	socklen_t length = 0;

	explicit address(family on, in_port_t port = 0) {
		if (on == family::v4) {
			auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
			v4 = {AF_INET, port, {htonl(INADDR_LOOPBACK)}, {}};
			length = sizeof v4;
		} else {
			auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
			v6 = {AF_INET6, port, 0, IN6ADDR_LOOPBACK_INIT, 0};
			length = sizeof v6;
		}
	}
	const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// Network order; 0 if there is none.
in_port_t port_of(int fd) {
	sockaddr_in6 found{}; // the port is at the same place in both families
	socklen_t length = sizeof found;
	return ::getsockname(fd, reinterpret_cast<sockaddr*>(&found), &length) == 0 ? found.sin6_port
																				: in_port_t{0};
}

/// No connection of a test takes long, unless a program has bound it to a device that is not there.
void set_timeouts(int fd) {
	const timeval most{0, 500'000};
	for (const int each : {SO_RCVTIMEO, SO_SNDTIMEO})
		(void)::setsockopt(fd, SOL_SOCKET, each, &most, sizeof most);
}

bool listen_on(int fd, family on) {
	address here(on);
	if (on == family::v6) // else it would be v6-only from here on
		reinterpret_cast<sockaddr_in6&>(here.storage).sin6_addr = in6addr_any;
	set_timeouts(fd);
	return ::bind(fd, here.get(), here.length) == 0 && ::listen(fd, 8) == 0;
}

void to_script(const scene& what, script& script) {
	script.act_count = 0;
	script.reserve = what.reserve;
	unsigned at = 0;
	for (const act& each : what.acts) {
		script.acts[script.act_count++] = {each.op, at, static_cast<unsigned>(each.steps.size()),
										   each.new_state, 0};
		for (const step& from : each.steps) {
			script_step& to = script.steps[at++];
			to = {from.get, from.level, from.optname, static_cast<int>(from.optval.size()), 0, {}};
			std::copy(from.optval.begin(), from.optval.end(), to.optval);
		}
	}
}

void from_script(const script& script, scene& what) {
	unsigned act_at = 0, at = 0;
	for (act& each : what.acts) {
		each.done = script.acts[act_at++].done;
		for (step& to : each.steps) {
			const script_step& from = script.steps[at++];
			to.result = from.result;
			if (to.get)
				to.after.assign(from.optval, from.optval + to.optval.size());
		}
	}
}

bool fits(const scene& what) {
	std::size_t steps = 0;
	bool rooms = true;
	for (const act& each : what.acts) {
		steps += each.steps.size();
		for (const step& one : each.steps)
			rooms = rooms && !one.optval.empty() && one.optval.size() <= script_room;
	}
	return rooms && steps <= script_steps && what.acts.size() <= script_acts;
}

int quiet(libbpf_print_level, const char*, va_list) { return 0; }

/// By what 100,001 us become when they are rounded up to jiffies; 0: none of the four.
int find_hz(kernel_side& kernel) {
	constexpr int ipproto = IPPROTO_TCP, rto_min = 1004, asked = 100'001;
	scene one{"HZ",
			  shape::listens,
			  family::v4,
			  0,
			  {{11, 0, {set(ipproto, rto_min, value_bytes(asked, 4)), get(ipproto, rto_min, 4)}, false}}};
	if (!kernel.play(one) || one.acts[0].steps[1].after.size() != 4)
		return 0;
	std::uint32_t us = 0;
	std::memcpy(&us, one.acts[0].steps[1].after.data(), sizeof us);
	for (const std::uint32_t hz : {100u, 250u, 300u, 1000u})
		if (us == (std::uint64_t{asked} * hz + 999'999) / 1'000'000 * 1'000'000 / hz)
			return static_cast<int>(hz);
	return 0;
}

} // namespace

struct kernel_side::state {
	std::string unusable;
	surroundings where;
	owned_fd own_network; ///< to go back to
	kernel_diff::cgroup_folder folder;
	std::unique_ptr<bpf_object, decltype(&bpf_object__close)> object{nullptr, bpf_object__close};
	std::unique_ptr<bpf_link, decltype(&bpf_link__destroy)> link{
		nullptr, [](bpf_link* held) { return bpf_link__destroy(held); }};
	script* calls = nullptr;

	bool enter_network();
	bool load();
	bool listens(family on);
	bool connects(family on);
	bool accepts(family on);
	int open(family on) const { return open_socket_in(folder.fd(), on != family::v4, on == family::v6only); }
};

bool kernel_side::state::enter_network() {
	own_network = owned_fd(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
	if (!own_network || ::unshare(CLONE_NEWNET) != 0)
		unusable = because("no network namespace can be made");
	else if (!set_loopback_up())
		unusable = because("the loopback of a network namespace cannot be used");
	return unusable.empty();
}

bool kernel_side::state::load() {
	libbpf_set_print(quiet);
	object.reset(bpf_object__open_file(SOCKOPT_PROGRAM_OBJECT, nullptr));
	if (!object || bpf_object__load(object.get()) != 0) {
		unusable = because("the kernel does not load a sock_ops program");
		return false;
	}
	bpf_program* const program = bpf_object__find_program_by_name(object.get(), "run_script");
	link.reset(bpf_program__attach_cgroup(program, folder.fd()));
	if (!link) {
		unusable = because("no program can be attached to a cgroup");
		return false;
	}
	bpf_map* map = nullptr;
	bpf_object__for_each_map(map, object.get()) { // the program's .bss
		if (bpf_map__value_size(map) < sizeof(script))
			continue;
		void* const memory =
			::mmap(nullptr, sizeof(script), PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
		calls = memory == MAP_FAILED ? nullptr : static_cast<script*>(memory);
	}
	if (!calls)
		unusable = because("the program's memory cannot be mapped");
	return unusable.empty();
}

bool kernel_side::state::listens(family on) {
	const owned_fd subject(open(on));
	return subject && listen_on(subject.get(), on);
}

bool kernel_side::state::connects(family on) {
	const owned_fd server(::socket(on == family::v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
	if (!server || !listen_on(server.get(), on))
		return false;
	owned_fd subject(open(on));
	const address there(on, port_of(server.get()));
	set_timeouts(subject.get());
	if (!subject || ::connect(subject.get(), there.get(), there.length) != 0)
		return false;
	const owned_fd accepted(::accept4(server.get(), nullptr, nullptr, SOCK_CLOEXEC));
	char byte = 'x';
	(void)::send(subject.get(), &byte, 1, MSG_NOSIGNAL);
	const bool arrived = accepted && ::recv(accepted.get(), &byte, 1, 0) == 1;
	subject.close();
	return arrived;
}

bool kernel_side::state::accepts(family on) {
	const owned_fd subject(open(on));
	if (!subject || !listen_on(subject.get(), on))
		return false;
	const owned_fd client(::socket(on == family::v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
	const address there(on, port_of(subject.get()));
	set_timeouts(client.get());
	if (!client || ::connect(client.get(), there.get(), there.length) != 0)
		return false;
	owned_fd child(::accept4(subject.get(), nullptr, nullptr, SOCK_CLOEXEC));
	const bool accepted = static_cast<bool>(child);
	child.close();
	return accepted;
}

kernel_side::kernel_side() : state_(std::make_unique<state>()) {
	if (!state_->folder.error().empty())
		state_->unusable = state_->folder.error();
	else if (state_->enter_network() && state_->load()) {
		state_->where = look_around();
		if ((state_->where.hz = find_hz(*this)) == 0)
			state_->unusable = "the kernel's HZ is not 100, 250, 300 or 1000";
	}
}

kernel_side::~kernel_side() {
	state_->link.reset();
	if (state_->calls)
		::munmap(state_->calls, sizeof(script));
	if (state_->own_network)
		(void)::setns(state_->own_network.get(), CLONE_NEWNET);
}

const std::string& kernel_side::unusable() const noexcept { return state_->unusable; }
const surroundings& kernel_side::where() const noexcept { return state_->where; }

std::string kernel_side::change(const surroundings& to) {
	const auto three = [](const int(&of)[3]) {
		return std::to_string(of[0]) + " " + std::to_string(of[1]) + " " + std::to_string(of[2]);
	};
	const std::pair<const char*, std::string> values[] = {
		{"ipv4/tcp_wmem", three(to.wmem)},
		{"ipv4/tcp_rmem", three(to.rmem)},
		{"ipv4/tcp_congestion_control", to.congestion_control},
		{"ipv4/tcp_keepalive_time", std::to_string(to.keepalive_time)},
		{"ipv4/tcp_keepalive_intvl", std::to_string(to.keepalive_intvl)},
		{"ipv4/tcp_keepalive_probes", std::to_string(to.keepalive_probes)},
		{"ipv4/tcp_syn_retries", std::to_string(to.syn_retries)},
		{"ipv4/tcp_rto_max_ms", std::to_string(to.rto_max_ms)},
		{"core/txrehash", std::to_string(to.txrehash)},
		{"ipv6/auto_flowlabels", std::to_string(to.auto_flowlabels)}};
	for (const auto& [path, value] : values) {
		std::ofstream file(std::string("/proc/sys/net/") + path);
		if (!(file << value << std::flush))
			return because(path);
	}
	state_->where = to;
	return "";
}

bool kernel_side::play(scene& what) {
	if (!fits(what)) {
		errno = E2BIG;
		return false;
	}
	to_script(what, *state_->calls);
	bool worked = false;
	switch (what.what) {
	case shape::listens:
		worked = state_->listens(what.on);
		break;
	case shape::connects:
		worked = state_->connects(what.on);
		break;
	case shape::accepts:
		worked = state_->accepts(what.on);
		break;
	}
	state_->calls->act_count = 0;
	from_script(*state_->calls, what);
	return worked;
}

} // namespace sockopt_diff
