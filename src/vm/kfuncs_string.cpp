// SPDX-License-Identifier: MIT
// Strings wherever they are: bpf_strcmp() and its kin.

#include "kfuncs.hpp"
#include "string_rules.hpp"

namespace sockops::vm {

namespace {

/// A byte of the program's memory, or of what is modelled of sockets; -EFAULT for what it may not read.
struct memory_reader {
	machine& m;
	u64 address;

	int operator()(int at) const noexcept {
		const u8* const byte = m.reach(address + static_cast<u64>(at), 1, access::read);
		return byte ? *byte : -EFAULT;
	}
	/// A kernel looks first whether it can be an address of its own at all.
	bool is_there() const noexcept { return (*this)(0) >= 0; }
};

template <auto Rule, class... More>
u64 of_one(machine& m, const u64* r, More... more) noexcept {
	const memory_reader text{m, r[1]};
	return as_int(text.is_there() ? Rule(text, more...) : -ERANGE);
}
template <auto Rule, class... More>
u64 of_two(machine& m, const u64* r, More... more) noexcept {
	const memory_reader first{m, r[1]}, second{m, r[2]};
	return as_int(first.is_there() && second.is_there() ? Rule(first, second, more...) : -ERANGE);
}

constexpr int character(u64 value) noexcept { return static_cast<u8>(value); }
constexpr u64 no_limit = ~u64{0};

constexpr auto compare = compare_strings<memory_reader>;
constexpr auto span = span_of<memory_reader>;
constexpr auto in_string = find_string<memory_reader>;

u64 strcmp_kfunc(machine& m, const u64* r) noexcept { return of_two<compare>(m, r, false); }
u64 strcasecmp_kfunc(machine& m, const u64* r) noexcept { return of_two<compare>(m, r, true); }
u64 strspn_kfunc(machine& m, const u64* r) noexcept { return of_two<span>(m, r, false); }
u64 strcspn_kfunc(machine& m, const u64* r) noexcept { return of_two<span>(m, r, true); }
u64 strstr_kfunc(machine& m, const u64* r) noexcept { return of_two<in_string>(m, r, no_limit); }
u64 strnstr_kfunc(machine& m, const u64* r) noexcept { return of_two<in_string>(m, r, r[3]); }

u64 strchr_kfunc(machine& m, const u64* r) noexcept {
	return of_one<find_char<memory_reader>>(m, r, no_limit, character(r[2]));
}
u64 strnchr_kfunc(machine& m, const u64* r) noexcept {
	return of_one<find_char<memory_reader>>(m, r, r[2], character(r[3]));
}
u64 strchrnul_kfunc(machine& m, const u64* r) noexcept {
	return of_one<find_char_or_end<memory_reader>>(m, r, character(r[2]));
}
u64 strrchr_kfunc(machine& m, const u64* r) noexcept {
	return of_one<find_last_char<memory_reader>>(m, r, static_cast<int>(r[2]));
}
u64 strlen_kfunc(machine& m, const u64* r) noexcept {
	return of_one<length_of<memory_reader>>(m, r, no_limit);
}
u64 strnlen_kfunc(machine& m, const u64* r) noexcept { return of_one<length_of<memory_reader>>(m, r, r[2]); }

constexpr kfunc_row rows[] = {
	{"bpf_strcmp", strcmp_kfunc},       {"bpf_strcasecmp", strcasecmp_kfunc}, {"bpf_strchr", strchr_kfunc},
	{"bpf_strchrnul", strchrnul_kfunc}, {"bpf_strnchr", strnchr_kfunc},       {"bpf_strrchr", strrchr_kfunc},
	{"bpf_strlen", strlen_kfunc},       {"bpf_strnlen", strnlen_kfunc},       {"bpf_strspn", strspn_kfunc},
	{"bpf_strcspn", strcspn_kfunc},     {"bpf_strstr", strstr_kfunc},         {"bpf_strnstr", strnstr_kfunc},
};

} // namespace

std::span<const kfunc_row> string_kfuncs() noexcept { return rows; }

} // namespace sockops::vm
