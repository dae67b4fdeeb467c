// SPDX-License-Identifier: MIT
#include "answer_kernel.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <bpf/bpf.h>

#include "../kernel/kernel_btf.hpp"
#include "kernel_types.hpp"
#include "never_sent.hpp"

namespace verdicts {

namespace {

struct kernel_map {
	std::string name;
	owned_fd fd;
};

class loader {
  public:
	explicit loader(const verifier_case& of) : of_(of), code_(assemble(of.code, symbol_of_kernel)) {
		for (const case_map& each : of.maps)
			maps_.push_back({each.name, make_map(each)});
		for (const named_use& each : code_.maps)
			code_.insns[each.insn].imm = fd_of(each.name);
		for (const named_use& each : code_.kfuncs)
			code_.insns[each.insn].imm = kernel_diff::btf_func(each.name);
		if (!code_.functions.empty())
			make_functions();
	}

	bool is_never_sent() const { return verdicts::is_never_sent(code_.insns); }
	/// 0 or errno; the log goes where there is room for it.
	int load(std::vector<char>& log) const {
		LIBBPF_OPTS(bpf_prog_load_opts, with);
		with.prog_flags = of_.flags;
		if (!log.empty()) {
			with.log_level = 1;
			with.log_buf = log.data();
			with.log_size = static_cast<u32>(log.size());
		}
		if (types_) {
			with.prog_btf_fd = static_cast<u32>(types_.get());
			with.func_info = infos_.data();
			with.func_info_cnt = static_cast<u32>(infos_.size());
			with.func_info_rec_size = sizeof infos_[0];
		}
		const owned_fd loaded(::bpf_prog_load(BPF_PROG_TYPE_SOCK_OPS, "verifier_case", of_.license.c_str(),
											  reinterpret_cast<const ::bpf_insn*>(code_.insns.data()),
											  code_.insns.size(), &with));
		return loaded ? 0 : errno;
	}

  private:
	int fd_of(const std::string& name) const {
		const auto found = std::ranges::find(maps_, name, &kernel_map::name);
		if (found == maps_.end())
			fail("no map '" + name + "'");
		return found->fd.get();
	}

	owned_fd make_map(const case_map& of) const {
		LIBBPF_OPTS(bpf_map_create_opts, with);
		with.map_flags = of.map_flags;
		owned_fd types;
		if (of.lock >= 0 || of.timer >= 0 || of.type == BPF_MAP_TYPE_SK_STORAGE) {
			made_types made;
			with.btf_key_type_id = static_cast<u32>(made.word("int"));
			with.btf_value_type_id = static_cast<u32>(made.value(of));
			types = made.load();
			with.btf_fd = static_cast<u32>(types.get());
		}
		if (!of.inner.empty())
			with.inner_map_fd = static_cast<u32>(fd_of(of.inner));
		owned_fd made(::bpf_map_create(static_cast<::bpf_map_type>(of.type), of.name.c_str(), of.key_size,
									   of.value_size, of.max_entries, &with));
		if (!made)
			fail("map " + of.name + ": " + std::strerror(errno));
		fill(of, made.get());
		return made;
	}

	static void fill(const case_map& of, int fd) {
		std::vector<std::byte> key(of.key_size), value(of.value_size);
		std::ranges::copy(of.init, value.begin());
		if (!of.init.empty() && ::bpf_map_update_elem(fd, key.data(), value.data(), BPF_ANY))
			fail("map " + of.name + " does not take its first element: " + std::strerror(errno));
		if (of.freeze && ::bpf_map_freeze(fd))
			fail("map " + of.name + " cannot be frozen: " + std::strerror(errno));
	}

	void make_functions() {
		made_types made;
		for (const case_function& each : code_.functions)
			infos_.push_back({each.insn, static_cast<u32>(made.function(each))});
		types_ = made.load();
	}

	const verifier_case& of_;
	case_code code_;
	std::vector<kernel_map> maps_;
	owned_fd types_;
	std::vector<bpf_func_info> infos_;
};

template <class Use>
auto with_loader(const verifier_case& of, Use use) {
	try {
		return use(loader(of));
	} catch (const std::runtime_error& wrong) {
		throw std::runtime_error(of.place + ": " + of.name + ": " + wrong.what());
	}
}

} // namespace

std::optional<int> answer_of_kernel(const verifier_case& of) {
	std::vector<char> none;
	return with_loader(of, [&](const loader& with) {
		return with.is_never_sent() ? std::nullopt : std::optional<int>(with.load(none));
	});
}

std::string log_of_kernel(const verifier_case& of) {
	std::vector<char> log(1u << 20u);
	with_loader(of, [&](const loader& with) {
		if (!with.is_never_sent())
			(void)with.load(log);
	});
	const std::string all = log.data();
	constexpr std::size_t end = 600;
	return all.size() > end ? "…" + all.substr(all.size() - end) : all;
}

} // namespace verdicts
