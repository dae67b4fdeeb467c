// SPDX-License-Identifier: MIT
// What is read of libbpf's English: each sentence, said by the libbpf that this library has in it.
#include <map>

#include <object/libbpf/libbpf.hpp>
#include <object/libbpf/sentences.hpp>

#include "support.hpp"

namespace sockops { // libbpf has a bpf_object, too
namespace {

using namespace object;

struct provoked {
	const char* path;
	const char* name;  ///< what the sentence is about
	const char* words; ///< what is made of it
};

/// Files that make libbpf say each of them.
const std::multimap<libbpf_refusal, provoked> provocations = {
	{libbpf_refusal::kfunc_not_found,
	 {FILE_KSYMS_NOWHERE_OBJECT, "bpf_walk_the_dog", "kfunc bpf_walk_the_dog() is not known"}},
	{libbpf_refusal::kfunc_otherwise,
	 {FILE_KSYMS_OTHERWISE_OBJECT, "bpf_strlen", "kfunc bpf_strlen() is declared otherwise"}},
	{libbpf_refusal::variable_not_found,
	 {FILE_KSYMS_VARIABLE_OBJECT, "bpf_prog_active", "variable 'bpf_prog_active' of the kernel"}},
	{libbpf_refusal::extern_not_resolved,
	 {FILE_KSYMS_SYMBOL_OBJECT, "jiffies", "symbol 'jiffies' of the kernel"}},
	{libbpf_refusal::extern_not_resolved,
	 {FILE_KCONFIG_OBJECT, "CONFIG_BPF_SYSCALL", "(__kconfig) has no value"}},
	{libbpf_refusal::extern_without_types, {FILE_PART_ONE_OBJECT, "twice", "open_linked()"}},
	{libbpf_refusal::extern_without_types,
	 {FILE_KCONFIG_WITHOUT_TYPES_OBJECT, "CONFIG_HZ", "it has no BTF, which externs need"}},
};

std::string form(const libbpf_sentence& sentence) {
	return std::string(sentence.before) + "..." + std::string(sentence.after);
}

TEST(libbpf_sentences, are_all_said_by_this_libbpf_and_understood) {
	for (const libbpf_sentence& each : libbpf_sentences()) {
		const auto [first, last] = provocations.equal_range(each.what);
		EXPECT_NE(first, last) << "nothing provokes: " << form(each);
		for (auto at = first; at != last; ++at) {
			const std::string said = error_of([&] { (void)bpf_object::load_file(at->second.path); });
			EXPECT_NE(said.find(at->second.words), std::string::npos)
				<< "libbpf " << libbpf::version_string() << " does not say \"" << form(each)
				<< "\" any more. What it says: " << said << "\n  src/object/libbpf/sentences.cpp reads it";
		}
	}
}

TEST(libbpf_sentences, name_the_thing_that_they_are_about) {
	for (const libbpf_sentence& each : libbpf_sentences()) {
		const std::string line = std::string(each.before) + "thing" + std::string(each.after);
		const auto heard = hear("something before\nlibbpf: " + line + " and more\nextern 'x'\n");
		ASSERT_TRUE(heard) << line;
		EXPECT_EQ(heard->what, each.what) << line;
		EXPECT_EQ(heard->name, "thing");
	}
}

TEST(libbpf_sentences, in_other_words_are_not_guessed_at) {
	EXPECT_FALSE(hear(""));
	EXPECT_FALSE(hear("extern 'jiffies' (strong): it is nowhere\n"));
	EXPECT_FALSE(hear("extern (func ksym) 'bpf_strlen': of another prototype\n"));
	EXPECT_FALSE(hear("extern '")) << "a line that is cut off";
}

TEST(libbpf_sentences, the_first_of_several_is_the_cause) {
	const auto heard = hear("extern (var ksym) 'a': not found in kernel BTF(s)\n"
							"extern (func ksym) 'b': not found in kernel or module BTFs\n");
	ASSERT_TRUE(heard);
	EXPECT_EQ(heard->name, "a");
}

} // namespace
} // namespace sockops
