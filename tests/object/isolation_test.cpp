// SPDX-License-Identifier: MIT
// What loading touches: not the machine's kernel, not its types, no descriptor for longer than it takes; and
// the ordinary libbpf, which this program links too, works as ever.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <thread>

#include <bpf/libbpf.h>

#include "support.hpp"

namespace {

std::atomic<int> kernel_calls{0}; ///< of bpf(2), by anybody in this program
std::mutex files_lock;
std::vector<std::string> files; ///< that were opened

void note_file(const char* path) {
	const std::lock_guard guard(files_lock);
	files.emplace_back(path);
}

template <class Function>
Function next(const char* name) {
	return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

} // namespace

// In place of the C library's, for this program and the libraries it loads.

extern "C" long syscall(long number, ...) noexcept {
	va_list arguments;
	va_start(arguments, number);
	long a[6];
	for (long& each : a)
		each = va_arg(arguments, long);
	va_end(arguments);
	if (number == SYS_bpf)
		++kernel_calls;
	static const auto real = next<long (*)(long, ...)>("syscall");
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
extern "C" int open64(const char* path, int flags, ...) {
	va_list arguments;
	va_start(arguments, flags);
	const int mode = va_arg(arguments, int);
	va_end(arguments);
	note_file(path);
	static const auto real = next<int (*)(const char*, int, ...)>("open64");
	return real(path, flags, mode);
}
extern "C" FILE* fopen64(const char* path, const char* mode) {
	note_file(path);
	static const auto real = next<FILE* (*)(const char*, const char*)>("fopen64");
	return real(path, mode);
}

// Not "using": libbpf has a bpf_object, too.
namespace sockops {
namespace {

std::size_t open_descriptors() {
	return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

TEST(object_isolation, the_machines_kernel_and_types_are_not_asked) {
	files.clear();
	kernel_calls = 0;
	bpf_object core = bpf_object::load_file(FILE_CORE_OBJECT);
	bpf_object conns = bpf_object::load_file(FILE_CONNS_OBJECT);
	bpf_object mixed = bpf_object::load_file(FILE_MIXED_OBJECT);
	EXPECT_NE(error_of([] { (void)bpf_object::load_file(FILE_REFUSED_OBJECT); }), "");
	bpf_object linked = bpf_object::open_linked({FILE_PART_ONE_OBJECT, FILE_PART_TWO_OBJECT});
	linked.load();
	EXPECT_EQ(kernel_calls, 0);
	for (const std::string& path : files)
		EXPECT_TRUE(path.ends_with(".bpf.o") || path.starts_with("/proc/self/fd/") || path == "/dev/null" ||
					path == "/")
			<< path;
	EXPECT_FALSE(files.empty()) << "they are watched: open_linked() opens some";
}

TEST(object_isolation, the_ordinary_libbpf_asks_the_kernel) {
	kernel_calls = 0;
	::bpf_object* const object = ::bpf_object__open(FILE_CONNS_OBJECT);
	ASSERT_NE(object, nullptr);
	bpf_object ours = bpf_object::load_file(FILE_CONNS_OBJECT);
	EXPECT_EQ(kernel_calls, 0);
	const auto quiet = ::libbpf_set_print(nullptr);
	(void)::bpf_object__load(object); // whether it may is not the question
	::libbpf_set_print(quiet);
	EXPECT_GT(kernel_calls, 0);
	::bpf_object__close(object);
	object_world on;
	on.fire(ours.prog());
	EXPECT_EQ(ours.global("calls"), 1);
}

int count_prints(enum libbpf_print_level, const char*, va_list) {
	ADD_FAILURE() << "a message of the private libbpf came to the ordinary one";
	return 0;
}
TEST(object_isolation, print_functions_are_not_shared) {
	const auto before = ::libbpf_set_print(count_prints);
	EXPECT_NE(error_of([] { (void)bpf_object::load_file(FILE_REFUSED_OBJECT); }), "");
	EXPECT_EQ(::libbpf_set_print(before), count_prints);
}

TEST(object_isolation, a_hundred_loads_leave_no_descriptor) {
	const auto load_all = [] {
		bpf_object conns = bpf_object::load_file(FILE_CONNS_OBJECT);
		bpf_object mixed = bpf_object::load_file(FILE_MIXED_OBJECT);
		(void)bpf_object::open_file(FILE_CORE_OBJECT);
		(void)error_of([] { (void)bpf_object::load_file(FILE_REFUSED_OBJECT); });
		(void)error_of([] { (void)bpf_object::load_file(FILE_BAD_MAP_OBJECT); });
		(void)bpf_object::open_linked({FILE_PART_ONE_OBJECT, FILE_PART_TWO_OBJECT});
	};
	load_all();
	rcu_barrier();
	const std::size_t before = open_descriptors();
	for (int i = 0; i != 100; ++i)
		load_all();
	rcu_barrier();
	EXPECT_EQ(open_descriptors(), before);
}

TEST(object_isolation, a_loaded_object_keeps_only_what_maps_need) {
	rcu_barrier();
	const std::size_t before = open_descriptors();
	bpf_object core = bpf_object::load_file(FILE_STORAGE_OBJECT);
	EXPECT_EQ(open_descriptors(), before) << "no map of this file can be mapped";
}

TEST(object_isolation, threads_load_side_by_side) {
	const auto load_some = [] {
		for (int i = 0; i != 20; ++i) {
			bpf_object object = bpf_object::load_file(FILE_CORE_OBJECT);
			EXPECT_TRUE(object.prog());
			EXPECT_NE(bpf_object::load_file(FILE_MISSING_OBJECT).notices().back().text.find("'reordering'"),
					  std::string::npos);
		}
	};
	std::thread other(load_some);
	load_some();
	other.join();
}

} // namespace
} // namespace sockops
