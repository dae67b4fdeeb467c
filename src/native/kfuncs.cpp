// SPDX-License-Identifier: MIT
// Kfuncs, for natively compiled programs: iterators, strings, sections. (Those about dynptrs and sockets are
// beside the helpers about them.)
#include <cstring>

#include <sockops/sync/preempt.hpp>
#include <sockops/sync/rcu.hpp>

#include "../vm/iterator_rules.hpp"
#include "../vm/string_rules.hpp"
#include "helper.hpp"

using namespace sockops;
using namespace sockops::native;

namespace {

/// In place of struct bpf_iter_num.
static_assert(sizeof(vm::number_iterator) == 8, "struct bpf_iter_num");

/// In place of struct bpf_iter_bits: the words are read where they are, as they are then.
struct bit_iterator {
	const u64* words;
	u32 word_count : 9, next_bit : 16;
	s32 bit; ///< the last that was given
};
static_assert(sizeof(bit_iterator) == 16, "struct bpf_iter_bits");

struct byte_reader {
	const char* text;
	int operator()(int at) const noexcept { return static_cast<u8>(text[at]); }
};

constexpr u64 no_limit = ~u64{0};

template <class Rule, class... Strings>
int of_strings(Rule rule, Strings... strings) noexcept {
	return (strings && ...) ? rule(byte_reader{strings}...) : -ERANGE;
}

native_run* run_of(const char* kfunc) noexcept { return native_run::current(kfunc); }

} // namespace

extern "C" {

int sockops_native_bpf_iter_num_new(void* it, int start, int end) {
	return vm::begin_numbers(*static_cast<vm::number_iterator*>(it), start, end);
}
int* sockops_native_bpf_iter_num_next(void* it) {
	auto& numbers = *static_cast<vm::number_iterator*>(it);
	return vm::next_number(numbers) ? &numbers.current : nullptr;
}
void sockops_native_bpf_iter_num_destroy(void* it) { *static_cast<vm::number_iterator*>(it) = {}; }

int sockops_native_bpf_iter_bits_new(void* it, const u64* words, u32 count) {
	auto& bits = *static_cast<bit_iterator*>(it);
	bits = {};
	const int error = vm::check_bit_words(words, count);
	if (error == 0)
		bits = {words, count & vm::max_bit_words, 0, 0};
	return error;
}
int* sockops_native_bpf_iter_bits_next(void* it) {
	auto& bits = *static_cast<bit_iterator*>(it);
	const u32 bit = vm::next_bit(bits.words, bits.word_count, bits.next_bit);
	if (bit == bits.word_count * 64u)
		return nullptr;
	bits.next_bit = (bit + 1) & 0xffff;
	bits.bit = static_cast<s32>(bit);
	return &bits.bit;
}
void sockops_native_bpf_iter_bits_destroy(void* it) { *static_cast<bit_iterator*>(it) = {}; }

int sockops_native_bpf_strcmp(const char* s1, const char* s2) {
	return of_strings([](auto a, auto b) { return vm::compare_strings(a, b, false); }, s1, s2);
}
int sockops_native_bpf_strcasecmp(const char* s1, const char* s2) {
	return of_strings([](auto a, auto b) { return vm::compare_strings(a, b, true); }, s1, s2);
}
int sockops_native_bpf_strnchr(const char* s, u64 count, char c) {
	return of_strings([=](auto text) { return vm::find_char(text, count, static_cast<u8>(c)); }, s);
}
int sockops_native_bpf_strchr(const char* s, char c) { return sockops_native_bpf_strnchr(s, no_limit, c); }
int sockops_native_bpf_strchrnul(const char* s, char c) {
	return of_strings([=](auto text) { return vm::find_char_or_end(text, static_cast<u8>(c)); }, s);
}
int sockops_native_bpf_strrchr(const char* s, int c) {
	return of_strings([=](auto text) { return vm::find_last_char(text, c); }, s);
}
int sockops_native_bpf_strnlen(const char* s, u64 count) {
	return of_strings([=](auto text) { return vm::length_of(text, count); }, s);
}
int sockops_native_bpf_strlen(const char* s) { return sockops_native_bpf_strnlen(s, no_limit); }
int sockops_native_bpf_strspn(const char* s, const char* accept) {
	return of_strings([](auto text, auto set) { return vm::span_of(text, set, false); }, s, accept);
}
int sockops_native_bpf_strcspn(const char* s, const char* reject) {
	return of_strings([](auto text, auto set) { return vm::span_of(text, set, true); }, s, reject);
}
int sockops_native_bpf_strnstr(const char* s1, const char* s2, u64 len) {
	return of_strings([=](auto text, auto wanted) { return vm::find_string(text, wanted, len); }, s1, s2);
}
int sockops_native_bpf_strstr(const char* s1, const char* s2) {
	return sockops_native_bpf_strnstr(s1, s2, no_limit);
}

void sockops_native_bpf_rcu_read_lock() {
	if (native_run* const run = run_of("bpf_rcu_read_lock"))
		run->rcu_lock();
}
void sockops_native_bpf_rcu_read_unlock() {
	if (native_run* const run = run_of("bpf_rcu_read_unlock"))
		run->rcu_unlock();
}
void sockops_native_bpf_preempt_disable() {
	if (native_run* const run = run_of("bpf_preempt_disable"))
		run->disable_preemption();
}
void sockops_native_bpf_preempt_enable() {
	if (native_run* const run = run_of("bpf_preempt_enable"))
		run->enable_preemption();
}
/// There are no interrupts.
void sockops_native_bpf_local_irq_save(unsigned long* flags) { *flags = 0; }
void sockops_native_bpf_local_irq_restore(unsigned long*) {}

s64 sockops_native_bpf_map_sum_elem_count(const void* map) {
	bpf_map* const of = map_at(map, "bpf_map_sum_elem_count");
	return of ? sum_elem_count(*of) : 0;
}

} // extern "C"
