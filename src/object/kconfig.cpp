// SPDX-License-Identifier: MIT
// Lines of a .config.
#include "kconfig.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>

#include <zlib.h>

#include "object_failure.hpp"

namespace sockops {

using namespace object;

namespace {

constexpr std::size_t longest_value = 4'000; ///< libbpf reads lines of up to 4,095 characters

bool is_name(std::string_view name) noexcept {
	const auto fits = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
	return name.starts_with("CONFIG_") && name.size() > 7 && name.size() < 100 &&
		   std::ranges::all_of(name, fits);
}

bool is_number(std::string_view value) noexcept {
	value.remove_prefix(value.starts_with('-') ? 1 : 0);
	const bool hex = value.starts_with("0x") || value.starts_with("0X");
	value.remove_prefix(hex ? 2 : 0);
	return !value.empty() && std::ranges::all_of(value, [&](unsigned char c) {
		return hex ? std::isxdigit(c) : std::isdigit(c);
	});
}

/// As a .config has it: a text has quotes around it.
std::string written(std::string_view value) {
	const bool as_it_is = value == "y" || value == "n" || value == "m" || is_number(value) ||
						  (value.size() > 1 && value.starts_with('"') && value.ends_with('"'));
	return as_it_is ? std::string(value) : '"' + std::string(value) + '"';
}

bool is_value(std::string_view value) noexcept {
	return value.size() < longest_value &&
		   std::ranges::none_of(value, [](unsigned char c) { return std::iscntrl(c) && c != '\t'; });
}

void check(std::string_view name, std::string_view value, std::string_view option) {
	if (!is_name(name) || !is_value(value))
		fail_object(EINVAL, "kconfig: '" + std::string(option.substr(0, 100)) +
								"': an option is CONFIG_NAME=VALUE, with a value of one line: y, m, n, a "
								"number or a text");
}

std::string_view trimmed(std::string_view line) noexcept {
	while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())))
		line.remove_suffix(1);
	while (!line.empty() && std::isspace(static_cast<unsigned char>(line.front())))
		line.remove_prefix(1);
	return line;
}

} // namespace

void add_kconfig(kconfig& to, std::string_view option) {
	const std::size_t equals = std::min(option.find('='), option.size());
	const std::string_view name = option.substr(0, equals);
	const std::string_view value = option.substr(std::min(equals + 1, option.size()));
	check(equals == option.size() ? "" : name, value, option);
	to.insert_or_assign(std::string(name), std::string(value));
}

kconfig parse_kconfig(std::string_view text, const std::string& name) {
	kconfig read;
	for (std::size_t number = 1; !text.empty(); ++number) {
		const std::size_t end = std::min(text.find('\n'), text.size());
		const std::string_view line = trimmed(text.substr(0, end));
		text.remove_prefix(std::min(end + 1, text.size()));
		try {
			if (!line.empty() && !line.starts_with('#'))
				add_kconfig(read, line);
		} catch (const object_error& wrong) {
			fail_object(EINVAL, name + ":" + std::to_string(number) + ": " + wrong.what());
		}
	}
	return read;
}

kconfig read_kconfig(const std::string& path) {
	const ::gzFile file = ::gzopen(path.c_str(), "rb");
	if (!file)
		fail_object(errno, path + ": it cannot be read: " + std::strerror(errno));
	std::string text;
	char block[1 << 14];
	int got = 0;
	while ((got = ::gzread(file, block, sizeof block)) > 0)
		text.append(block, static_cast<std::size_t>(got));
	::gzclose(file);
	if (got < 0)
		fail_object(EIO,
					path + ": it cannot be unpacked: it is neither a .config nor one that gzip has packed");
	return parse_kconfig(text, path);
}

std::string object::kconfig_text(const object_options& options) {
	kconfig all = options.kconfig;
	all.try_emplace("CONFIG_HZ", std::to_string(options.hz));
	std::string text;
	for (const auto& [name, value] : all) {
		check(name, value, name + "=" + value);
		text += name + "=" + written(value) + "\n";
	}
	return text;
}

bool object::kconfig_knows(const object_options& options, const std::string& variable) {
	return variable == "CONFIG_HZ" || options.kconfig.contains(variable) || !variable.starts_with("CONFIG_");
}

std::string object::kconfig_remedy(const std::string& variable) {
	return "this library has no kernel's configuration: say it with object_options::kconfig, {\"" + variable +
		   "\", \"y\"}, or sockops-run --kconfig " + variable + "=y, as the .config of the kernel has it";
}

} // namespace sockops
