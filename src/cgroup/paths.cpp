// SPDX-License-Identifier: MIT
// Cgroups by their paths: found, made, or missed in words.

#include <cerrno>
#include <mutex>
#include <string>
#include <string_view>

#include <sockops/cgroup/cgroup.hpp>
#include <sockops/kern/check.hpp>

#include "../kern/spelling.hpp"
#include "cgroup_internal.hpp"

namespace sockops {

namespace {

/// "/a/b" -> "a", and "/b" is left.
std::string_view take_name(std::string_view& path) noexcept {
	path.remove_prefix(1);
	const std::string_view name = path.substr(0, path.find('/'));
	path.remove_prefix(name.size());
	return name;
}

cgroup* find_child(cgroup& parent, std::string_view name) noexcept {
	std::lock_guard held(detail::cgroup_mutex());
	const auto found = parent.names.find(name);
	return found == parent.names.end() ? nullptr : &*found;
}

bool is_path(std::string_view path) noexcept {
	return path == "/" || (path.starts_with('/') && !path.ends_with('/') && path.find("//") == path.npos);
}

/// Of the children's paths the one that `name` most likely misspells; "": of none.
std::string meant_by(cgroup& parent, std::string_view name) {
	std::lock_guard held(detail::cgroup_mutex());
	std::size_t least = std::min(detail::most_misspelled + 1, name.size());
	std::string meant;
	for (const cgroup& child : parent.names)
		if (const std::size_t apart = detail::letters_apart(name, child.name); apart < least) {
			least = apart;
			meant = child.path();
		}
	return meant;
}

constexpr std::string_view no_path = "is no path: \"/\", or names that each follow a '/'";

void report(const char* function, std::string_view path, std::string_view why) noexcept {
	illegal_use(function, "\"%.*s\" %.*s; the root is returned", static_cast<int>(path.size()), path.data(),
				static_cast<int>(why.size()), why.data());
}

} // namespace

cgroup* cgroup_root::find(std::string_view path) const noexcept {
	if (!is_path(path))
		return nullptr;
	cgroup* here = root_;
	while (here && path.size() > 1)
		here = find_child(*here, take_name(path));
	return here;
}

cgroup& cgroup_root::at(std::string_view path) const noexcept {
	if (!is_path(path)) {
		report("cgroup_root::at", path, no_path);
		return *root_;
	}
	cgroup* here = root_;
	for (std::string_view rest = path; rest.size() > 1;) {
		const std::string_view name = take_name(rest);
		cgroup* const child = find_child(*here, name);
		if (!child) {
			std::string why("is not there; ");
			why.append(here->path()).append(" is");
			if (const std::string meant = meant_by(*here, name); !meant.empty())
				why.append(". Is ").append(meant).append(" meant?");
			else
				why.append(".");
			report("cgroup_root::at", path, why.append(" make() makes what is missing"));
			return *root_;
		}
		here = child;
	}
	return *here;
}

cgroup& cgroup_root::make(std::string_view path) const noexcept {
	const std::string_view whole = path;
	const auto misuse = [&](std::string_view why) -> cgroup& {
		report("cgroup_root::make", whole, why);
		return *root_;
	};
	if (!is_path(path))
		return misuse(no_path);
	cgroup* here = root_;
	while (path.size() > 1) {
		const std::string_view name = take_name(path);
		cgroup* child = find_child(*here, name);
		int error = 0;
		if (!child)
			child = cgroup_mkdir(*here, name, &error);
		here = child ? child : find_child(*here, name); // another thread was faster
		if (!here)
			return misuse(error == -ENOMEM
							  ? "cannot be made: no memory"
							  : "cannot be made: a cgroup on the way has been removed meanwhile");
	}
	return *here;
}

} // namespace sockops
