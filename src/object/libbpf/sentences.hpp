// SPDX-License-Identifier: MIT
// What libbpf refuses before it asks bpf(2), it tells in English alone. All readings of it are here: a table
// of sentences, by which the thing is known and named. What no row knows is passed on as libbpf has it.
//
// Tried with libbpf 1.0.1, 1.1.2 (Debian 12), 1.3.4, 1.5.1 and 1.7.0. tests/object/sentences_test.cpp
// provokes each of them, and says which one this machine's libbpf has in other words.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sockops::object {

enum class libbpf_refusal {
	kfunc_not_found,     ///< a function with __ksym
	kfunc_otherwise,     ///< one whose arguments are declared as others than the kernel's
	variable_not_found,  ///< a variable with __ksym, and a type
	extern_not_resolved, ///< __kconfig, or __ksym without a type
	extern_without_types ///< declared and defined in another file, or by nobody
};

/// "extern '", the name, "' (strong): not resolved". In one line; other words may follow.
struct libbpf_sentence {
	libbpf_refusal what;
	std::string_view before, after;
};

[[nodiscard]] std::span<const libbpf_sentence> libbpf_sentences() noexcept;

struct heard_refusal {
	libbpf_refusal what;
	std::string name; ///< of the thing
};

/// The first that one of the lines tells; nullopt: none of those.
[[nodiscard]] std::optional<heard_refusal> hear(std::string_view messages);

} // namespace sockops::object
