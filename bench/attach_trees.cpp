// SPDX-License-Identifier: MIT
#include "attach_trees.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tests/kernel/bpf_calls.hpp"
#include "../tests/kernel/cgroup_folder.hpp"

namespace bench {

namespace {

using namespace sockops;
namespace abi = kernel_diff::abi;

/// A benchmark whose calls fail measures nothing.
void must(long result, const char* what) noexcept {
	if (result < 0)
		internal_error("bench_attach", "%s: %s", what, std::strerror(static_cast<int>(-result)));
}

bpf_prog_ptr program_that_answers_1() {
	return make_bpf_prog("bench", [](bpf_sock_ops&) { return 1; });
}

} // namespace

library_tree::library_tree(int descendants) : top_(*cgroup_mkdir(*root_, "top")) {
	for (int i = 0; i != descendants; ++i)
		leaves_.push_back(cgroup_mkdir(top_, std::to_string(i)));
	for (int i = 0; i != attach_programs; ++i)
		programs_.push_back(program_that_answers_1());
	must(cgroup_bpf_attach(*cgroup_mkdir(*root_, "elsewhere"), programs_[0]), "attach elsewhere");
}

library_tree::~library_tree() = default;

void library_tree::attach(int number) noexcept {
	must(cgroup_bpf_attach(top_, programs_[static_cast<std::size_t>(number)]), "attach");
}

void library_tree::detach(int number) noexcept {
	must(cgroup_bpf_detach(top_, programs_[static_cast<std::size_t>(number)].get()), "detach");
}

void library_tree::attach_to_leaves() noexcept {
	for (cgroup* leaf : leaves_)
		must(cgroup_bpf_attach(*leaf, program_that_answers_1()), "attach to a leaf");
}

struct kernel_tree::state {
	kernel_diff::cgroup_folder folder;
	kernel_diff::run_log log;
	kernel_diff::owned_fd top, elsewhere;
	std::vector<kernel_diff::owned_fd> programs;
	int descendants = 0;

	long call(abi::command command, int number, std::uint32_t flags) noexcept {
		return call_at(top.get(), command, number, flags);
	}
	long call_at(int target, abi::command command, int number, std::uint32_t flags) noexcept {
		abi::attach_attr attr{};
		attr.target_fd = static_cast<std::uint32_t>(target);
		attr.attach_bpf_fd = static_cast<std::uint32_t>(programs[static_cast<std::size_t>(number)].get());
		attr.attach_type = abi::attach_cgroup_sock_ops;
		attr.attach_flags = flags;
		return kernel_diff::bpf_call(command, attr);
	}
	kernel_diff::owned_fd open_leaf(int number) noexcept {
		return kernel_diff::owned_fd(
			::openat(top.get(), std::to_string(number).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	}
	bool fill(int below, std::string& why_not);
};

bool kernel_tree::state::fill(int below, std::string& why_not) {
	const auto fails = [&](const char* what, int error) {
		why_not = std::string(what) + ": " + std::strerror(error);
		return false;
	};
	if (!folder.error().empty())
		return why_not = folder.error(), false;
	if (log.fd() < 0)
		return fails("no bpf(2) map", -log.fd());
	for (int i = 0; i != attach_programs; ++i) {
		const long fd = kernel_diff::load_logging_prog(log.fd(), static_cast<std::uint8_t>(i));
		if (fd < 0)
			return fails("no bpf(2) program", static_cast<int>(-fd));
		programs.emplace_back(static_cast<int>(fd));
	}
	const auto make = [&](const char* name, kernel_diff::owned_fd& opened) {
		if (::mkdirat(folder.fd(), name, 0755) != 0)
			return false;
		opened = kernel_diff::owned_fd(::openat(folder.fd(), name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
		return static_cast<bool>(opened);
	};
	if (!make("top", top) || !make("elsewhere", elsewhere))
		return fails("mkdir", errno);
	if (const long error = call_at(elsewhere.get(), abi::prog_attach, 0, attach_flags::allow_multi);
		error < 0)
		return fails("attach", static_cast<int>(-error));
	for (; descendants != below; ++descendants)
		if (::mkdirat(top.get(), std::to_string(descendants).c_str(), 0755) != 0)
			return fails("mkdir", errno);
	return true;
}

kernel_tree::kernel_tree(std::unique_ptr<state> made) : state_(std::move(made)) {}
kernel_tree::~kernel_tree() = default;

std::unique_ptr<kernel_tree> kernel_tree::make(int descendants, std::string& why_not) {
	auto made = std::make_unique<state>();
	if (!made->fill(descendants, why_not))
		return nullptr;
	return std::unique_ptr<kernel_tree>(new kernel_tree(std::move(made)));
}

void kernel_tree::attach(int number) noexcept {
	must(state_->call(abi::prog_attach, number, attach_flags::allow_multi), "kernel attach");
}

void kernel_tree::detach(int number) noexcept {
	must(state_->call(abi::prog_detach, number, 0), "kernel detach");
}

void kernel_tree::attach_to_leaves() noexcept {
	for (int i = 0; i != state_->descendants; ++i) {
		const kernel_diff::owned_fd leaf = state_->open_leaf(i);
		must(state_->call_at(leaf.get(), abi::prog_attach, 0, attach_flags::allow_multi),
			 "kernel attach to a leaf");
	}
}

void kernel_tree::fail_on_a_bad_flag() noexcept {
	if (state_->call(abi::prog_attach, 0, 1u << 30) != -EINVAL)
		must(-EINVAL, "a call that should have failed");
}

} // namespace bench
