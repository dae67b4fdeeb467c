// SPDX-License-Identifier: MIT
#include "kernel_sockets.hpp"

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "../kernel_world.hpp"
#include "crafted_segment.hpp"

namespace hdr_opt {

namespace {

using kernel_diff::owned_fd;

constexpr std::size_t data_bytes = 100;

/// Loopback is down in a new network namespace.
bool enter_own_network() {
	if (::unshare(CLONE_NEWNET) != 0)
		return false;
	const owned_fd any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	ifreq lo{};
	std::strcpy(lo.ifr_name, "lo");
	lo.ifr_flags = IFF_UP;
	return ::ioctl(any.get(), SIOCSIFFLAGS, &lo) == 0;
}

std::uint16_t port_of(int fd) {
	sockaddr_in name{};
	socklen_t length = sizeof(name);
	::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &length);
	return ntohs(name.sin_port);
}

sockaddr_in loopback(std::uint16_t port) {
	sockaddr_in there{};
	there.sin_family = AF_INET;
	there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	there.sin_port = htons(port);
	return there;
}

void set_option(int fd, int level, int name, int value) {
	::setsockopt(fd, level, name, &value, sizeof(value));
}

/// Never waits for long, sends at once, and leaves nothing behind when it is closed.
void make_brisk(int fd) {
	const timeval patience{2, 0};
	::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	const linger reset{1, 0};
	::setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

bool receive(int fd, std::size_t count) {
	char buffer[data_bytes];
	return ::recv(fd, buffer, count, MSG_WAITALL) == static_cast<ssize_t>(count);
}

} // namespace

kernel_sockets::kernel_sockets() : object_(nullptr, bpf_object__close) {
	if (!folder_.error().empty())
		unusable_ = folder_.error();
	else if (!load())
		unusable_ = std::string("the program cannot be loaded and attached: ") + std::strerror(errno);
	else if (!enter_own_network())
		unusable_ = std::string("no network namespace can be made: ") + std::strerror(errno);
	else
		raw_ = owned_fd(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW));
	if (unusable_.empty() && !raw_)
		unusable_ = std::string("no raw socket: ") + std::strerror(errno);
}

kernel_sockets::~kernel_sockets() {
	if (slots_)
		::munmap(slots_, hdr_opt_slots * sizeof(hdr_opt_slot));
	if (config_)
		::munmap(config_, sizeof(hdr_opt_config));
}

template <class T>
T* kernel_sockets::map(const char* name, std::size_t bytes) {
	const int fd = bpf_object__find_map_fd_by_name(object_.get(), name);
	void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return memory == MAP_FAILED ? nullptr : static_cast<T*>(memory);
}

bool kernel_sockets::load() {
	libbpf_set_print(nullptr);
	object_.reset(bpf_object__open_file(HDR_OPT_BPF_OBJECT, nullptr));
	if (!object_ || bpf_object__load(object_.get()) != 0)
		return false;
	slots_ = map<hdr_opt_slot>("slots", hdr_opt_slots * sizeof(hdr_opt_slot));
	config_ = map<hdr_opt_config>("config", sizeof(hdr_opt_config));
	const bpf_program* const prog = bpf_object__find_program_by_name(object_.get(), "hdr_opt");
	return slots_ && config_ &&
		   bpf_prog_attach(bpf_program__fd(prog), folder_.fd(), BPF_CGROUP_SOCK_OPS, 0) == 0;
}

void kernel_sockets::clear() noexcept {
	for (hdr_opt_slot& slot : slots())
		slot.wanted = slot.ran = 0;
}

bool kernel_sockets::set_timestamps(bool on) {
	const owned_fd file(::open("/proc/sys/net/ipv4/tcp_timestamps", O_WRONLY | O_CLOEXEC));
	return ::write(file.get(), on ? "1" : "0", 1) == 1;
}

bool kernel_sockets::connect(bool save_syn) {
	server_.close();
	client_.close();
	listener_ = owned_fd(kernel_diff::open_socket_in(folder_.fd()));
	client_ = owned_fd(kernel_diff::open_socket_in(folder_.fd()));
	if (!listener_ || !client_)
		return false;
	config_->port = port_of(listener_.get());
	config_->min_len = 0;
	set_option(listener_.get(), IPPROTO_TCP, TCP_SAVE_SYN, save_syn);
	make_brisk(listener_.get());
	make_brisk(client_.get());
	const sockaddr_in there = loopback(port_of(listener_.get()));
	if (::listen(listener_.get(), 1) != 0 ||
		::connect(client_.get(), reinterpret_cast<const sockaddr*>(&there), sizeof(there)) != 0)
		return false;
	server_ = owned_fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
	make_brisk(server_.get());
	return static_cast<bool>(server_);
}

bool kernel_sockets::send_data() {
	const char data[data_bytes] = {};
	config_->min_len = data_bytes;
	return ::send(client_.get(), data, data_bytes, MSG_NOSIGNAL) == data_bytes &&
		   receive(server_.get(), data_bytes) && ::send(server_.get(), data, 1, MSG_NOSIGNAL) == 1 &&
		   receive(client_.get(), 1);
}

void kernel_sockets::learn_sequence(const hdr_opt_slot& parsed) noexcept {
	last_header_.assign(parsed.header, parsed.header + 20);
}

bool kernel_sockets::send_crafted(const byte_list& options) {
	config_->min_len = 0;
	const byte_list packet = crafted_segment(last_header_, data_bytes, options);
	const sockaddr_in there = loopback(0);
	return ::sendto(raw_.get(), packet.data(), packet.size(), 0, reinterpret_cast<const sockaddr*>(&there),
					sizeof(there)) == static_cast<ssize_t>(packet.size());
}

} // namespace hdr_opt
