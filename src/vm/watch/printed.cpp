// SPDX-License-Identifier: MIT
// What bpf_trace_printk() and its kin show of a watched program: a word matters if another text comes of
// other bits, a string up to its NUL.
#include <array>
#include <cstring>

#include <sockops/hook/printk.hpp>

#include "operations.hpp"
#include "watched_machine.hpp"

namespace sockops::vm {

namespace {

class printed_text {
  public:
	printed_text(watched_machine& m, std::string_view name, const step* at) noexcept
		: m_(m), name_(name), at_(at) {}

	void check() noexcept {
		if (name_ == "bpf_trace_printk")
			check_formatted(value(0), static_cast<u32>(value(1)), {value(2), value(3), value(4)}, 3);
		else if (name_ == "bpf_trace_vprintk")
			check_formatted_words(value(0), static_cast<u32>(value(1)), value(2), static_cast<u32>(value(3)));
		else if (name_ == "bpf_snprintf")
			check_formatted_words(value(2), max_bprintf_buf, value(3), static_cast<u32>(value(4)));
	}

  private:
	void check_formatted_words(u64 fmt, u32 fmt_size, u64 data, u32 bytes) noexcept {
		std::array<u64, max_trace_vprintk_varargs> words{};
		const u8* const from =
			bytes <= sizeof words && data ? m_.reach_elsewhere(data, bytes, access::read) : nullptr;
		if (from)
			std::memcpy(words.data(), from, bytes);
		check_formatted(fmt, fmt_size, words, bytes / 8);
	}
	void check_formatted(u64 fmt, u32 fmt_size, const std::array<u64, max_trace_vprintk_varargs>& words,
						 u32 count) noexcept {
		std::string text;
		for (u32 i = 0; i != fmt_size; ++i) {
			const u8* const at = m_.reach(fmt + i, 1, access::read);
			text += at ? static_cast<char>(*at) : '\0';
			if (text.back() == '\0')
				break;
		}
		if (name_ == "bpf_trace_printk")
			for (u32 i = 0; i != max_trace_printk_varargs; ++i)
				check_word(text, words, i);
		check_strings(text, words, count);
	}
	/// In r3 to r5; words of an array are memory that is read.
	void check_word(const std::string& fmt, std::array<u64, max_trace_vprintk_varargs> words,
					u32 word) noexcept {
		const u32 number = word + 3;
		if (m_.shadows[number].undefined == 0)
			return;
		const auto print = [&] {
			std::array<char, 256> text{};
			const format_memory none{[](void*, u64, void*, u32) noexcept { return false; }, nullptr};
			(void)bpf_format(text.data(), text.size(), fmt.data(), static_cast<u32>(fmt.size()), words.data(),
							 max_trace_printk_varargs, none);
			return text;
		};
		const auto as_it_is = print();
		words[word] ^= m_.shadows[number].undefined;
		if (print() != as_it_is)
			m_.found_in_register(at_, number, "a word that " + std::string(name_) + "() shows",
								 "whatever is there is printed");
	}
	void check_strings(const std::string& fmt, const std::array<u64, max_trace_vprintk_varargs>& words,
					   u32 count) noexcept {
		struct strings {
			watched_machine& m;
			u64 first = 0;
		} read{m_};
		const format_memory memory{[](void* self, u64 address, void* into, u32 size) noexcept {
									   auto& [m, first] = *static_cast<strings*>(self);
									   const u8* const at = m.reach_elsewhere(address, size, access::read);
									   if (at)
										   std::memcpy(into, at, size);
									   if (at && first == 0 && m.has_unwritten(address, size))
										   first = address;
									   return at != nullptr;
								   },
								   &read};
		std::array<char, max_bprintf_buf> text{};
		(void)bpf_format(text.data(), text.size(), fmt.data(), static_cast<u32>(fmt.size()), words.data(),
						 count, memory);
		if (read.first)
			found(read.first, 1, "a string that " + std::string(name_) + "() shows",
				  "whatever is there is printed");
	}

	u64 value(u32 argument) const noexcept { return m_.regs[argument + 1]; }
	void found(u64 address, u64 size, const std::string& reader, const char* what_comes) noexcept {
		m_.found_in_memory(at_, address, size, reader, what_comes);
	}

	watched_machine& m_;
	const std::string_view name_;
	const step* const at_;
};

} // namespace

void check_printed(watched_machine& m, std::string_view name, const step* at) noexcept {
	printed_text(m, name, at).check();
}

} // namespace sockops::vm
