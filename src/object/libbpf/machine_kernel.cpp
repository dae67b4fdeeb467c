// SPDX-License-Identifier: MIT
#include "machine_kernel.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "../../vm/ebpf_prog.hpp"
#include "handles.hpp"
#include "harmful.hpp"
#include "poisoned.hpp"
#include "prog_info.hpp"
#include "verifier_log.hpp"

namespace sockops::object {

namespace {

/// bpf(2) itself, which may write into `attr`: -errno where it fails.
long machine_bpf(int command, void* attr, u32 size) {
	const long result = ::syscall(SYS_bpf, command, attr, size);
	return result < 0 ? -errno : result;
}

/// A signal may interrupt the verifier.
long load_again_if_interrupted(::bpf_attr& attr, u32 size) {
	constexpr int attempts = 5;
	long result = -EAGAIN;
	for (int i = 0; i != attempts && result == -EAGAIN; ++i)
		result = machine_bpf(BPF_PROG_LOAD, &attr, size);
	return result;
}

constexpr u32 log_of_the_way = 1, log_of_numbers = 4; // BPF_LOG_LEVEL1, BPF_LOG_STATS

/// BPF_PROG_LOAD with what the verifier writes meanwhile.
long load_with_log(::bpf_attr attr, u32 size, u32 level, std::size_t room, std::string& log) {
	log.assign(room, '\0');
	attr.log_level = level;
	attr.log_size = static_cast<u32>(room);
	attr.log_buf = reinterpret_cast<std::uintptr_t>(log.data());
	const long result = load_again_if_interrupted(attr, size);
	log.resize(std::strlen(log.c_str()));
	return result;
}

/// What loading an object needs of it; with a few more that only read.
bool is_let_through(int command) {
	constexpr int commands[] = {BPF_MAP_CREATE,       BPF_MAP_FREEZE,         BPF_BTF_LOAD,
								BPF_PROG_LOAD,        BPF_OBJ_GET_INFO_BY_FD, BPF_BTF_GET_NEXT_ID,
								BPF_BTF_GET_FD_BY_ID, BPF_MAP_UPDATE_ELEM};
	return std::ranges::find(commands, command) != std::end(commands);
}

/// No verdict depends on how large a map is, but for an ARRAY's element whose index is constant.
void cut_map(::bpf_attr& attr) {
	constexpr u32 most = 4096;
	const bool is_bytes = attr.map_type == BPF_MAP_TYPE_RINGBUF || attr.map_type == BPF_MAP_TYPE_USER_RINGBUF;
	const u32 limit = is_bytes ? std::max(most, static_cast<u32>(::sysconf(_SC_PAGESIZE))) : most;
	attr.max_entries = std::min(attr.max_entries, limit);
}

/// Programs see the contents of constants alone; what else an object has in its maps is not put there: it
/// may be a program that was refused.
bool is_array(int map) {
	::bpf_map_info about{};
	::bpf_attr attr{};
	attr.info.bpf_fd = static_cast<u32>(map);
	attr.info.info_len = sizeof about;
	attr.info.info = reinterpret_cast<std::uintptr_t>(&about);
	return machine_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof attr.info) == 0 &&
		   about.type == BPF_MAP_TYPE_ARRAY;
}

/// libbpf puts a call of a helper that nobody has where a relocation has found nothing.
bool is_poisoned(const ::bpf_attr& attr, u32 insn) {
	bpf_insn at{};
	if (insn < attr.insn_cnt)
		std::memcpy(&at, reinterpret_cast<const bpf_insn*>(attr.insns) + insn, sizeof at);
	return is_poisoned_by_core(at);
}

std::vector<std::byte> read_all(const char* path) {
	std::ifstream in(path, std::ios::binary);
	std::vector<std::byte> all;
	char block[1 << 16];
	while (in.read(block, sizeof block), in.gcount() > 0) {
		const auto* const first = reinterpret_cast<const std::byte*>(block);
		all.insert(all.end(), first, first + in.gcount());
	}
	return all;
}

} // namespace

machine_kernel::machine_kernel(std::string kconfig)
	: kconfig_(std::move(kconfig)), release_(running_kernel()), types_(read_all("/sys/kernel/btf/vmlinux")) {}

long machine_kernel::call(int command, const void* given, u32 size) {
	::bpf_attr attr;
	std::memset(&attr, 0, sizeof attr);
	std::memcpy(&attr, given, std::min<std::size_t>(size, sizeof attr));
	if (command == BPF_PROG_BIND_MAP)
		return 0;
	if (!is_let_through(command) || size > sizeof attr)
		return -EINVAL;
	if (command == BPF_MAP_UPDATE_ELEM && !is_array(static_cast<int>(attr.map_fd)))
		return 0;
	if (command == BPF_MAP_CREATE)
		return cut_map(attr), machine_bpf(command, &attr, size);
	if (command == BPF_PROG_LOAD && attr.prog_type == BPF_PROG_TYPE_SOCK_OPS)
		return prog_load(attr, size);
	const long result = machine_bpf(command, const_cast<void*>(given), size);
	if (command == BPF_BTF_LOAD && result >= 0)
		loaded_types_[static_cast<int>(result)] =
			parse_btf(reinterpret_cast<const void*>(attr.btf), attr.btf_size);
	return result;
}

std::vector<bpf_source_line> machine_kernel::lines_of_program(const ::bpf_attr& attr) const {
	const auto types = loaded_types_.find(static_cast<int>(attr.prog_btf_fd));
	return types == loaded_types_.end() || !types->second ? std::vector<bpf_source_line>()
														  : lines_of(attr, *types->second);
}

/// First for the numbers alone: the way of a program that is taken may be megabytes.
long machine_kernel::prog_load(const ::bpf_attr& attr, u32 size) {
	constexpr std::size_t few = 1 << 16, many = 1 << 24;
	kernel_answer& answer = answers_.emplace_back();
	std::vector<bpf_insn> insns(attr.insn_cnt);
	std::memcpy(insns.data(), reinterpret_cast<const void*>(attr.insns), insns.size() * sizeof(bpf_insn));
	if (harms_the_kernel(insns)) {
		answer.asked = false;
		answer.error = ECANCELED;
		answer.words =
			"it has a tail call and a callback, at which Linux 6.18 has warned of an error of its own";
		return handle_table::open_nothing();
	}
	const long fd = load_with_log(attr, size, log_of_numbers, few, answer.log);
	if (fd < 0) {
		const long again = load_with_log(attr, size, log_of_the_way | log_of_numbers, many, answer.log);
		if (again >= 0)
			::close(static_cast<int>(again));
	}
	const verifier_log read = read_verifier_log(answer.log);
	answer.processed = read.processed;
	if (fd >= 0)
		return fd;
	answer.error = static_cast<int>(-fd);
	answer.words = read.words.empty() ? std::strerror(answer.error) : read.words;
	answer.insn = read.insn;
	if (read.insn)
		tell_place(attr, *read.insn, answer);
	return handle_table::open_nothing();
}

void machine_kernel::tell_place(const ::bpf_attr& attr, u32 insn, kernel_answer& to) const {
	const std::vector<bpf_source_line> lines = lines_of_program(attr);
	if (const bpf_source_line* const line = vm::line_of(lines, insn))
		to.line = *line;
	if (is_poisoned(attr, insn))
		to.words += ": CO-RE has found nothing in this kernel for what stands there";
}

no_verifier why_no_verifier() {
	const bpf_insn return_1[] = {{0xb7, 0, 0, 0, 1}, {0x95, 0, 0, 0, 0}};
	::bpf_attr attr{};
	attr.prog_type = BPF_PROG_TYPE_SOCK_OPS;
	attr.expected_attach_type = BPF_CGROUP_SOCK_OPS;
	attr.insns = reinterpret_cast<std::uintptr_t>(return_1);
	attr.insn_cnt = std::size(return_1);
	attr.license = reinterpret_cast<std::uintptr_t>("GPL");
	const long fd = load_again_if_interrupted(attr, sizeof attr);
	if (fd >= 0)
		return ::close(static_cast<int>(fd)), no_verifier();
	const int error = static_cast<int>(-fd);
	if (error == EPERM || error == EACCES)
		return {error,
				"this machine's kernel lets only root load programs, or who has CAP_BPF, CAP_NET_ADMIN and "
				"CAP_PERFMON (EPERM): ask it as root; a container may have to be given them, and bpf(2)"};
	return {error, std::string("this machine's kernel takes no sock_ops program at all (") +
					   std::strerror(error) + "): it may be made without BPF or without cgroups"};
}

} // namespace sockops::object

namespace sockops {

std::string running_kernel() {
	::utsname about{};
	return ::uname(&about) == 0 ? about.release : "";
}

} // namespace sockops
