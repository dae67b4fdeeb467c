// SPDX-License-Identifier: MIT
#include "kernel_object.hpp"

#include <cerrno>
#include <cstring>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "../kernel/bpf_calls.hpp"

namespace verdicts {

namespace {

std::vector<kernel_prog>* noting = nullptr;

/// Before libbpf loads a program: it is noted, and one that does nothing is loaded in its place, so that all
/// of the object is there whatever the kernel says to its programs.
int note_program(::bpf_program* prog, ::bpf_prog_load_opts* with, long) {
	static ::bpf_insn nothing[] = {{0xb7, 0, 0, 0, 1}, {0x95, 0, 0, 0, 0}}; // r0 = 1; exit
	const auto* const insns = reinterpret_cast<const sockops::bpf_insn*>(::bpf_program__insns(prog));
	static_assert(sizeof(function_record) == sizeof(::bpf_func_info));
	const auto* const functions = static_cast<const function_record*>(with->func_info);
	noting->push_back({::bpf_program__name(prog),
					   {insns, insns + ::bpf_program__insn_cnt(prog)},
					   {functions, functions + with->func_info_cnt},
					   static_cast<int>(with->prog_btf_fd)});
	with->func_info_cnt = with->line_info_cnt = 0;
	return ::bpf_program__set_insns(prog, nothing, std::size(nothing));
}

int register_once() {
	LIBBPF_OPTS(libbpf_prog_handler_opts, with, .prog_prepare_load_fn = note_program);
	::libbpf_set_print(nullptr);
	return ::libbpf_register_prog_handler("sockops+", BPF_PROG_TYPE_SOCK_OPS, BPF_CGROUP_SOCK_OPS, &with);
}

} // namespace

namespace {
int load(const kernel_prog& of, std::span<const sockops::bpf_insn> insns, const char* license,
		 std::vector<char>& log) {
	LIBBPF_OPTS(bpf_prog_load_opts, with);
	if (!log.empty()) {
		with.log_level = 2;
		with.log_buf = log.data();
		with.log_size = static_cast<__u32>(log.size());
	}
	if (!of.functions.empty()) {
		with.prog_btf_fd = static_cast<__u32>(of.types);
		with.func_info = of.functions.data();
		with.func_info_cnt = static_cast<__u32>(of.functions.size());
		with.func_info_rec_size = sizeof of.functions[0];
	}
	const kernel_diff::owned_fd loaded(::bpf_prog_load(BPF_PROG_TYPE_SOCK_OPS, "mutant", license,
													   reinterpret_cast<const ::bpf_insn*>(insns.data()),
													   insns.size(), &with));
	return loaded ? 0 : errno;
}
} // namespace

bool comes_to(const std::string& log, sockops::u32 insn) {
	const std::string line = std::to_string(insn) + ": (";
	return log.starts_with(line) || log.find("\n" + line) != std::string::npos;
}

int kernel_prog::load(std::span<const sockops::bpf_insn> others, const char* license) const {
	std::vector<char> none;
	return verdicts::load(*this, others, license, none);
}

std::string kernel_prog::log_of(std::span<const sockops::bpf_insn> others, const char* license) const {
	std::vector<char> log(16u << 20u);
	(void)verdicts::load(*this, others, license, log);
	return log.data();
}

void kernel_object::close_object::operator()(::bpf_object* object) const noexcept {
	::bpf_object__close(object);
}

kernel_object::kernel_object(const std::string& file) {
	static const int handler = register_once();
	if (handler < 0) {
		error_ = std::string("libbpf takes no handler: ") + std::strerror(-handler);
		return;
	}
	noting = &progs_;
	object_.reset(::bpf_object__open(file.c_str()));
	if (!object_ || ::bpf_object__load(object_.get()) != 0)
		error_ = file + ": " + std::strerror(errno);
	noting = nullptr;
}

kernel_object::~kernel_object() = default;

} // namespace verdicts
