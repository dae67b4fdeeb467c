// SPDX-License-Identifier: MIT
// What an object asks of the kernel by name (__ksym): what is there, what is not, and why.
#include "support.hpp"

namespace {

using namespace sockops;

std::string load_error(const char* path) {
	return error_of([&] { (void)bpf_object::load_file(path); });
}
void expect_contains(const std::string& text, std::string_view part) {
	EXPECT_NE(text.find(part), std::string::npos) << '"' << part << "\" is not in \"" << text << '"';
}

TEST(ksyms, weak_ones_are_0_where_they_are_not_here_and_others_exist) {
	bpf_object object = bpf_object::load_file(FILE_KSYMS_WEAK_OBJECT);
	object_world on;
	EXPECT_EQ(on.fire(object.prog()), 0);
	const auto seen = [&](const char* name) { return object.global(name).as<u32>(); };
	EXPECT_EQ(seen("has_iterators"), 1u);
	EXPECT_EQ(seen("sum"), 45u);
	EXPECT_EQ(seen("has_objects"), 0u);
	EXPECT_EQ(seen("has_variable"), 0u);
	EXPECT_EQ(seen("has_symbol"), 0u) << "the machine's own kernel is not asked";
}

TEST(ksyms, a_kfunc_that_is_not_here_is_named_with_the_reason) {
	expect_contains(load_error(FILE_KSYMS_NOT_HERE_OBJECT),
					"file_ksyms_not_here.bpf.o: kfunc bpf_obj_new_impl() is not here: objects that programs allocate are "
					"not modelled; declared __weak it is 0");
	expect_contains(load_error(FILE_KSYMS_OF_OTHERS_OBJECT),
					"kfunc bpf_crypto_ctx_release() is not for SOCK_OPS programs");
	expect_contains(load_error(FILE_KSYMS_NOWHERE_OBJECT),
					"kfunc bpf_walk_the_dog() is not known: Linux 6.18 has none of that name");
}

TEST(ksyms, a_kfunc_that_is_declared_otherwise_is_shown_as_it_is) {
	expect_contains(load_error(FILE_KSYMS_OTHERWISE_OBJECT),
					"kfunc bpf_strlen() is declared otherwise than it is: int bpf_strlen(const char *s__ign)");
}

TEST(ksyms, variables_of_a_kernel_are_not_here) {
	expect_contains(load_error(FILE_KSYMS_VARIABLE_OBJECT), "variable 'bpf_prog_active' of the kernel");
	expect_contains(load_error(FILE_KSYMS_SYMBOL_OBJECT), "symbol 'jiffies' of the kernel");
}

} // namespace
