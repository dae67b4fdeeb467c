// SPDX-License-Identifier: MIT
// Programs that say their letter when they run, and a tree to attach them to.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <sockops/sockops.hpp>

namespace attach_test {

using namespace sockops;
namespace flag = attach_flags;

/// A tree by paths, sockets in it, and programs by letters.
class world {
  public:
	cgroup& at(std::string_view path) { return root_.make(path); }
	const cgroup_root& root() const { return root_; }

	/// A program that appends its letter.
	const bpf_prog_ptr& prog(char letter) {
		bpf_prog_ptr& known = progs_[letter];
		if (!known)
			known =
				make_bpf_prog(&letters_[static_cast<unsigned char>(letter)], [this, letter](bpf_sock_ops&) {
					ran_ += letter;
					return 1;
				});
		return known;
	}

	attach_error attach(std::string_view path, char letter, u32 flags = flag::allow_multi) {
		return try_attach(at(path), prog(letter), {flags});
	}
	attach_error detach(std::string_view path, char letter) {
		return try_detach(at(path), prog(letter).get());
	}
	bpf_link link(std::string_view path, char letter, const bpf_attach_opts& opts = {0},
				  attach_error* why = nullptr) {
		return bpf_link(at(path), prog(letter), opts, why);
	}

	/// The letters of what runs for a socket.
	std::string run(sock& sk) {
		ran_.clear();
		(void)tcp_call_bpf(&sk, BPF_SOCK_OPS_TCP_LISTEN_CB, 0, nullptr);
		return ran_;
	}
	/// For a new one, made there.
	std::string run(std::string_view path) {
		scoped_tcp_sock sk(in, at(path));
		return run(sk);
	}

	/// The letters of a query, attached or effective.
	std::string query(std::string_view path, u32 query_flags = 0) {
		std::array<const bpf_prog*, 128> found{};
		cgroup_bpf_query_attr attr;
		attr.query_flags = query_flags;
		attr.capacity = found.size();
		attr.progs = found.data();
		EXPECT_EQ(cgroup_bpf_query(at(path), attr), 0);
		std::string letters;
		for (std::size_t i = 0; i != attr.prog_cnt; ++i)
			letters += letter_of(found[i]);
		return letters;
	}
	u64 revision(std::string_view path) {
		cgroup_bpf_query_attr attr;
		EXPECT_EQ(cgroup_bpf_query(at(path), attr), 0);
		return attr.revision;
	}
	u32 mode(std::string_view path) {
		cgroup_bpf_query_attr attr;
		EXPECT_EQ(cgroup_bpf_query(at(path), attr), 0);
		return attr.attach_flags;
	}

	net in;

  private:
	char letter_of(const bpf_prog* prog) const {
		for (const auto& [letter, known] : progs_)
			if (known.get() == prog)
				return letter;
		return '?';
	}

	std::array<char, 256> letters_{};
	std::string ran_;
	std::map<char, bpf_prog_ptr> progs_;
	cgroup_root root_;
};

} // namespace attach_test
