// SPDX-License-Identifier: MIT
#include "kernel_world.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace kernel_diff {

namespace {

constexpr std::uint32_t closed_fd = 0x7ffffff0, unknown_id = 0x7ffffff0;

/// Handle 0 must be an open file: a field of 0 means "none" in some places and handle 0 in others.
void open_handle_0() {
	if (::fcntl(0, F_GETFD) < 0)
		(void)!::open("/dev/null", O_RDONLY);
}

std::uint64_t inode(int fd) {
	struct stat found {};
	return ::fstat(fd, &found) == 0 ? found.st_ino : 0;
}

std::string why(const char* what, long error) {
	return print("%s: %s", what, std::strerror(static_cast<int>(-error)));
}

} // namespace

kernel_world::kernel_world() {
	if (::geteuid() != 0)
		unusable_ = "not root";
	else if (!folder_.error().empty())
		unusable_ = folder_.error();
	else if (unusable_ = load_programs(); unusable_.empty())
		unusable_ = try_features();
}

kernel_world::~kernel_world() { remove_all(); }

std::string kernel_world::load_programs() {
	open_handle_0();
	if (log_.fd() < 0)
		return why("bpf(2) makes no map", log_.fd());
	for (int number = 0; number != prog_numbers; ++number) {
		const long fd = load_logging_prog(log_.fd(), static_cast<std::uint8_t>(number));
		if (fd < 0)
			return why("bpf(2) loads no SOCK_OPS program", fd);
		progs_[number].fd = owned_fd(static_cast<int>(fd));
		progs_[number].id = get_prog_info(static_cast<int>(fd)).id;
		prog_numbers_[progs_[number].id] = number;
	}
	other_object_ = owned_fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
	other_type_ = owned_fd(static_cast<int>(load_other_type_prog()));
	return other_type_ ? "" : "bpf(2) loads no socket filter";
}

std::string kernel_world::try_features() {
	reset();
	const operation first{.kind = op_kind::attach,
						  .prog = 0,
						  .flags = flag::allow_multi | flag::before | flag::preorder,
						  .revision = 1};
	const answer got = apply(first);
	if (got.error) {
		utsname kernel{};
		::uname(&kernel);
		return print(
			"Linux %s does not attach with BEFORE, PREORDER and an expected revision (6.17 does): %s",
			kernel.release, std::strerror(-got.error));
	}
	if (state().cgroups.at(0).effective.size() != 1)
		return "SOCK_OPS programs are attached further up, and run in the test's cgroups too";
	return "";
}

/// A handle that is none of an object with a number.
std::uint32_t kernel_world::other_fd(int which) const {
	switch (which) {
	case handle::closed:
		return closed_fd;
	case handle::other_object:
		return static_cast<std::uint32_t>(other_object_.get());
	case handle::other_type:
		return static_cast<std::uint32_t>(other_type_.get());
	default:
		return 0;
	}
}

std::uint32_t kernel_world::prog_fd(int prog) const {
	return prog < 0 ? other_fd(prog) : static_cast<std::uint32_t>(progs_[prog].fd.get());
}

std::uint32_t kernel_world::cgroup_fd(int number) const {
	return number < 0 ? other_fd(number) : static_cast<std::uint32_t>(cgroups_.at(number).directory.get());
}

std::uint32_t kernel_world::link_fd(int link) const {
	const auto found = links_.find(link);
	return found == links_.end() ? closed_fd : static_cast<std::uint32_t>(found->second.get());
}

/// relative_fd, or relative_id. An id is looked up among programs, or with the flag link among
/// links: an object of the other kind is then one that does not exist.
std::uint32_t kernel_world::relative(const operation& op) const {
	const bool is_link = op.anchor_link >= 0;
	if (!(op.flags & flag::id))
		return is_link ? link_fd(op.anchor_link) : prog_fd(op.anchor_prog);
	if (!is_link && op.anchor_prog == handle::none)
		return 0;
	if (is_link != ((op.flags & flag::link) != 0) || (!is_link && op.anchor_prog < 0))
		return unknown_id;
	return is_link ? link_ids_.at(op.anchor_link) : progs_[op.anchor_prog].id;
}

int kernel_world::number_of(std::uint32_t prog_id) const {
	const auto found = prog_numbers_.find(prog_id);
	return found == prog_numbers_.end() ? handle::other_object : found->second;
}

answer kernel_world::attach(const operation& op, abi::command command) {
	abi::attach_attr attr{};
	attr.target_fd = cgroup_fd(op.cgroup);
	attr.attach_bpf_fd = prog_fd(op.prog);
	attr.attach_type = abi::attach_cgroup_sock_ops;
	attr.attach_flags = op.flags;
	attr.replace_bpf_fd = prog_fd(op.replace);
	attr.relative = relative(op);
	attr.expected_revision = op.revision;
	return {static_cast<int>(bpf_call(command, attr))};
}

answer kernel_world::link_create(const operation& op) {
	abi::link_create_attr attr{};
	attr.prog_fd = prog_fd(op.prog);
	attr.target_fd = cgroup_fd(op.cgroup);
	attr.attach_type = abi::attach_cgroup_sock_ops;
	attr.flags = op.flags;
	attr.relative = relative(op);
	attr.expected_revision = op.revision;
	const long fd = bpf_call(abi::link_create, attr);
	if (fd < 0)
		return {static_cast<int>(fd)};
	links_[op.link] = owned_fd(static_cast<int>(fd));
	link_ids_[op.link] = get_link_info(static_cast<int>(fd)).id;
	return {};
}

answer kernel_world::link_update(const operation& op) {
	abi::link_update_attr attr{link_fd(op.link), prog_fd(op.prog), op.flags, prog_fd(op.replace)};
	return {static_cast<int>(bpf_call(abi::link_update, attr))};
}

answer kernel_world::query(const operation& op) {
	std::uint32_t ids[512]{}, flags[512];
	std::fill(std::begin(flags), std::end(flags), unwritten);
	abi::query_attr attr{};
	attr.target_fd = cgroup_fd(op.cgroup);
	attr.attach_type = abi::attach_cgroup_sock_ops;
	attr.query_flags = op.flags;
	attr.prog_ids = op.want_ids ? reinterpret_cast<std::uint64_t>(ids) : 0;
	attr.prog_cnt = op.capacity;
	attr.prog_attach_flags = op.want_flags ? reinterpret_cast<std::uint64_t>(flags) : 0;
	answer got{static_cast<int>(bpf_call(abi::prog_query, attr))};
	if (got.error && got.error != -ENOSPC)
		return got;
	got.found = {attr.prog_cnt, attr.attach_flags, attr.revision, {}, {}};
	for (std::uint32_t i = 0; i != std::min(op.capacity, attr.prog_cnt); ++i) {
		if (op.want_ids)
			got.found.progs.push_back(number_of(ids[i]));
		if (op.want_flags)
			got.found.prog_attach_flags.push_back(flags[i]);
	}
	return got;
}

link_state kernel_world::look_at_link(int link) {
	const abi::link_info info = get_link_info(links_.at(link).get());
	const auto at = cgroup_numbers_.find(info.cgroup_id);
	return {at == cgroup_numbers_.end() ? handle::none : at->second, number_of(info.prog_id)};
}

answer kernel_world::carry_out(const operation& op) {
	switch (op.kind) {
	case op_kind::mkdir:
		return {make_cgroup(op.cgroup, op.parent)};
	case op_kind::rmdir:
		return {remove_cgroup(op.cgroup)};
	case op_kind::attach:
		return attach(op, abi::prog_attach);
	case op_kind::detach:
		return attach(op, abi::prog_detach);
	case op_kind::link_create:
		return link_create(op);
	case op_kind::link_update:
		return link_update(op);
	case op_kind::link_detach: {
		abi::link_detach_attr attr{link_fd(op.link)};
		return {static_cast<int>(bpf_call(abi::link_detach, attr))};
	}
	case op_kind::link_close:
		links_.erase(op.link);
		return {};
	case op_kind::query:
		return query(op);
	case op_kind::socket_open:
		return {open_socket(op)};
	case op_kind::socket_close:
		sockets_.erase(op.socket);
		return {};
	}
	return {};
}

/// A removed cgroup lets go of its links a while later.
void kernel_world::settle() {
	constexpr int step_us = 200, patience_us = 3'000'000;
	for (const auto& [number, fd] : links_) {
		for (int waited = 0; waited < patience_us; waited += step_us) {
			const link_state link = look_at_link(number);
			if (link.cgroup < 0 || !numbers().released(link.cgroup))
				break;
			::usleep(step_us);
		}
	}
}

int kernel_world::make_cgroup(int number, int parent) {
	cgroup made;
	made.name = parent == handle::none ? print("tree%lu", ++trees_)
									   : print("%s/c%d", cgroups_.at(parent).name.c_str(), number);
	if (::mkdirat(folder_.fd(), made.name.c_str(), 0755) != 0)
		return -errno;
	made.directory = owned_fd(::openat(folder_.fd(), made.name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	if (!made.directory)
		return -errno;
	made.id = inode(made.directory.get());
	cgroup_numbers_[made.id] = number;
	cgroups_[number] = std::move(made);
	return 0;
}

int kernel_world::remove_cgroup(int number) {
	return ::unlinkat(folder_.fd(), cgroups_.at(number).name.c_str(), AT_REMOVEDIR) == 0 ? 0 : -errno;
}

void kernel_world::remove_all() {
	sockets_.clear();
	links_.clear();
	link_ids_.clear();
	// A child may have a smaller number than its parent: as long as one goes, the next round.
	for (bool removed = true; removed;) {
		removed = false;
		for (auto each = cgroups_.rbegin(); each != cgroups_.rend(); ++each)
			removed |= remove_cgroup(each->first) == 0;
	}
	cgroups_.clear();
	cgroup_numbers_.clear();
}

void kernel_world::start_over() {
	remove_all();
	if (const int error = make_cgroup(0, handle::none))
		std::fprintf(stderr, "a cgroup cannot be made: %s\n", std::strerror(-error));
}

int kernel_world::open_socket(const operation& op) {
	const int fd = open_socket_in(cgroups_.at(op.cgroup).directory.get());
	if (fd < 0)
		return fd;
	sockets_[op.socket] = owned_fd(fd);
	return 0;
}

/// listen() fires exactly one hook; shutdown() makes the next one possible, and fires none.
std::vector<int> kernel_world::run(int socket) {
	const int fd = sockets_.at(socket).get();
	log_.clear();
	if (::listen(fd, 1) != 0)
		return {handle::none};
	::shutdown(fd, SHUT_RDWR);
	const auto ran = log_.entries();
	return {ran.begin(), ran.end()};
}

} // namespace kernel_diff
