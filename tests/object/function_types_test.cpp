// SPDX-License-Identifier: MIT
// What is known of a program's functions by their types, as a global one is checked by them.
#include <algorithm>
#include <ostream>

#include <object/refusal_words.hpp>
#include <vm/ebpf_prog.hpp>

#include "support.hpp"

namespace sockops {

bool operator==(const bpf_argument_type& a, const bpf_argument_type& b) {
	return a.is == b.is && a.size == b.size && a.nonnull == b.nonnull;
}
void PrintTo(const bpf_argument_type& of, std::ostream* out) {
	*out << static_cast<int>(of.is) << " of " << of.size << (of.nonnull ? ", never NULL" : "");
}

namespace {

using type = bpf_argument_type;
using kind = bpf_argument_type::what;

struct function_types : testing::Test {
	bpf_object object = bpf_object::load_file(FILE_FUNCTIONS_OBJECT, {.unchecked = true});
	const bpf_prog_ptr prog = object.prog();

	const bpf_function& function(const std::string& name) const {
		const auto& all = vm::as_interpreted(*prog.get())->functions;
		const auto found = std::ranges::find(all, name, &bpf_function::name);
		EXPECT_NE(found, all.end()) << name;
		return found == all.end() ? all.front() : *found;
	}
};

TEST_F(function_types, are_those_of_what_pointers_lead_to) {
	const bpf_function& by_pointer = function("by_pointer");
	EXPECT_TRUE(by_pointer.is_global);
	EXPECT_EQ(by_pointer.result, type{kind::number});
	EXPECT_EQ(
		by_pointer.arguments,
		(std::vector<type>{
			{kind::context}, {kind::memory, 16}, {kind::memory, 8}, {kind::memory, 16}, {kind::untyped}}));
}

TEST_F(function_types, are_numbers_of_whatever_size_and_name) {
	const bpf_function& by_number = function("by_number");
	EXPECT_EQ(by_number.result, type{kind::number});
	EXPECT_EQ(
		by_number.arguments,
		(std::vector<type>{{kind::number}, {kind::number}, {kind::number}, {kind::number}, {kind::untyped}}));
	EXPECT_EQ(function("gives_nothing").result, type{kind::nothing});
}

TEST_F(function_types, have_the_tags_of_their_arguments) {
	EXPECT_EQ(
		function("by_tag").arguments,
		(std::vector<type>{{kind::memory, 16, true}, {kind::context}, {kind::memory, 8}, {kind::not_known}}));
}

TEST_F(function_types, are_of_global_functions_only_as_libbpf_leaves_them_global) {
	EXPECT_TRUE(function("functions").is_global) << "the program itself";
	EXPECT_TRUE(function("gives_nothing").is_global);
	EXPECT_FALSE(function("is_hidden").is_global);
	EXPECT_FALSE(function("is_static").is_global);
	EXPECT_EQ(function("is_static").arguments, (std::vector<type>{{kind::number}}));
}

TEST(refusal_words, put_the_remedy_who_refuses_it_and_the_way_below_the_reason) {
	EXPECT_EQ(object::below_the_reason({}), "");
	bpf_load_error why;
	why.remedy = "compare it with NULL first";
	why.way = {{3, "R0 is NULL", {3, "src/tune.bpf.c", "if (!conn)", 12, 6}}, {7, "calls count()", {}}};
	EXPECT_EQ(object::below_the_reason(why), "\n  remedy: compare it with NULL first\n  the way there:"
											 "\n    tune.bpf.c:12, 'if (!conn)': R0 is NULL"
											 "\n    instruction 7: calls count()");
	why = {};
	why.refused_by = bpf_load_error::by::not_here;
	EXPECT_EQ(object::below_the_reason(why),
			  "\n  this library has not what the program asks for; a kernel may take it");
	why.refused_by = bpf_load_error::by::too_young;
	EXPECT_EQ(object::below_the_reason(why), "\n  the release that was asked for has it not; 6.18 has");
}

} // namespace
} // namespace sockops
