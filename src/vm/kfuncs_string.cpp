// SPDX-License-Identifier: MIT
// Strings wherever they are: bpf_strcmp() and its kin.

#include "kfuncs.hpp"
#include "string_rules.hpp"

namespace sockops::vm {

namespace {

/// A byte of the program's memory, or of what is modelled of sockets; -EFAULT for what it may not read. What
/// lies around it is kept at hand, as long as it is of the program too.
class memory_reader {
  public:
	memory_reader(machine& m, u64 address, u32& bytes_read) noexcept
		: m_(m), address_(address), bytes_read_(bytes_read) {}

	int operator()(int at) noexcept {
		++bytes_read_;
		const auto within = static_cast<u32>(at) - begin_;
		if (within < size_) [[likely]]
			return bytes_[within];
		return find(static_cast<u32>(at)) ? *bytes_ : -EFAULT;
	}
	/// A kernel looks first whether it can be an address of its own at all.
	bool is_there() noexcept { return (*this)(0) >= 0; }

  private:
	bool find(u32 at) noexcept {
		begin_ = at;
		size_ = piece_;
		bytes_ = m_.reach(address_ + at, size_, access::read);
		if (!bytes_ && piece_ != 1) {
			piece_ = 1;
			return find(at);
		}
		if (!bytes_)
			size_ = 0;
		return bytes_;
	}

	machine& m_;
	u64 address_;
	u32& bytes_read_;
	const u8* bytes_ = nullptr;
	u32 begin_ = 0, size_ = 0; ///< of `bytes_`
	u32 piece_ = 64;           ///< 1 from where so many are no longer there
};

/// They take about as long to read as an instruction takes.
constexpr u32 bytes_an_instruction = 2;

template <auto Rule, class... More>
u64 of_one(machine& m, const u64* r, More... more) noexcept {
	u32 bytes_read = 0;
	memory_reader text(m, r[1], bytes_read);
	const int result = text.is_there() ? Rule(text, more...) : -ERANGE;
	m.charge(bytes_read / bytes_an_instruction);
	return as_int(result);
}
template <auto Rule, class... More>
u64 of_two(machine& m, const u64* r, More... more) noexcept {
	u32 bytes_read = 0;
	memory_reader first(m, r[1], bytes_read), second(m, r[2], bytes_read);
	const int result = first.is_there() && second.is_there() ? Rule(first, second, more...) : -ERANGE;
	m.charge(bytes_read / bytes_an_instruction);
	return as_int(result);
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
