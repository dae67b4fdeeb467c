// SPDX-License-Identifier: MIT
#include "bpf_programs.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <net/if.h>
#include <sys/mman.h>
#include <unistd.h>

namespace traces {

namespace {

std::string failed(const std::string& what) { return what + ": " + std::strerror(errno); }

std::size_t page_size() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

/// libbpf's words come only when someone asks for them.
int quiet(libbpf_print_level level, const char* format, va_list arguments) {
	static const bool wanted = std::getenv("SOCKOPS_LIBBPF_WORDS") != nullptr;
	return wanted && level != LIBBPF_DEBUG ? std::vfprintf(stderr, format, arguments) : 0;
}

} // namespace

void close_object::operator()(bpf_object* object) const noexcept { ::bpf_object__close(object); }
void free_ring::operator()(ring_buffer* ring) const noexcept { ::ring_buffer__free(ring); }

template <class Value>
bool shared_value<Value>::share(const bpf_map* map) {
	static_assert(sizeof(Value) <= 4096);
	if (!map)
		return false;
	void* const memory =
		::mmap(nullptr, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, ::bpf_map__fd(map), 0);
	if (memory == MAP_FAILED)
		return false;
	value_ = static_cast<Value*>(memory);
	return true;
}

template <class Value>
shared_value<Value>::~shared_value() {
	if (value_)
		::munmap(value_, page_size());
}

template class shared_value<trace_control>;
template class shared_value<drop_rules>;

tracer::tracer(bool stamps) {
	::libbpf_set_print(quiet);
	error_ = load(stamps);
}

tracer::~tracer() {
	for (const auto& [cgroup, prog] : attached_)
		::bpf_prog_detach2(prog, cgroup, BPF_CGROUP_SOCK_OPS);
}

std::string tracer::load(bool stamps) {
	const char* const file = stamps ? STAMP_BPF_OBJECT : TRACE_BPF_OBJECT;
	object_.reset(::bpf_object__open_file(file, nullptr));
	if (!object_)
		return failed(file);
	if (::bpf_object__load(object_.get()) != 0)
		return failed(std::string("the kernel does not load ") + file);
	const char* const names[trace_sides] = {"trace_of_client", "trace_of_server"};
	for (int each = 0; each != trace_sides; ++each)
		programs_[each] = ::bpf_program__fd(::bpf_object__find_program_by_name(object_.get(), names[each]));
	if (!control_.share(::bpf_object__find_map_by_name(object_.get(), "control")))
		return failed("the map `control` of trace.bpf.c");
	const auto keep = [](void* taken, void* record, std::size_t) {
		static_cast<std::vector<trace_record>*>(taken)->push_back(*static_cast<const trace_record*>(record));
		return 0;
	};
	const int records = ::bpf_object__find_map_fd_by_name(object_.get(), "records");
	ring_.reset(::ring_buffer__new(records, keep, &taken_, nullptr));
	return ring_ ? "" : failed("the ring buffer of trace.bpf.c");
}

bool tracer::attach(int client_cgroup, int server_cgroup) {
	const int cgroups[trace_sides] = {client_cgroup, server_cgroup};
	for (int each = 0; each != trace_sides; ++each) {
		if (::bpf_prog_attach(programs_[each], cgroups[each], BPF_CGROUP_SOCK_OPS, 0) != 0)
			return false;
		attached_.emplace_back(cgroups[each], programs_[each]);
	}
	return true;
}

std::vector<trace_record> tracer::take() {
	::ring_buffer__consume(ring_.get());
	return std::exchange(taken_, {});
}

dropper::dropper() {
	::libbpf_set_print(quiet);
	error_ = load();
}

std::string dropper::load() {
	object_.reset(::bpf_object__open_file(DROP_BPF_OBJECT, nullptr));
	if (!object_)
		return failed(DROP_BPF_OBJECT);
	if (::bpf_object__load(object_.get()) != 0)
		return failed("the kernel does not load drop.bpf.c");
	return rules_.share(::bpf_object__find_map_by_name(object_.get(), "rules"))
			   ? ""
			   : failed("the map `rules` of drop.bpf.c");
}

std::string dropper::attach() {
	bpf_tc_hook hook{};
	hook.sz = sizeof(hook);
	hook.ifindex = static_cast<int>(::if_nametoindex("lo"));
	hook.attach_point = BPF_TC_INGRESS;
	if (::bpf_tc_hook_create(&hook) != 0)
		return failed("clsact on lo");
	bpf_tc_opts options{};
	options.sz = sizeof(options);
	options.prog_fd = ::bpf_program__fd(::bpf_object__find_program_by_name(object_.get(), "drop_at_ingress"));
	return ::bpf_tc_attach(&hook, &options) == 0 ? "" : failed("a classifier at ingress of lo");
}

} // namespace traces
