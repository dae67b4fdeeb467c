// SPDX-License-Identifier: MIT
#include "run_command.hpp"

#include <cstring>
#include <stdexcept>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sockops_run {

namespace {

std::string written(const std::vector<std::string>& words) {
	std::string all;
	for (const std::string& each : words)
		all.append(all.empty() ? "" : " ").append(each);
	return all;
}

/// The exit status of a process that runs the words; `out`: what its standard output is, or -1 for this
/// one's.
int status_of(const std::vector<std::string>& words, int out) {
	std::vector<char*> arguments;
	for (const std::string& each : words)
		arguments.push_back(const_cast<char*>(each.c_str()));
	arguments.push_back(nullptr);
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	pid_t child = 0;
	const int error = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
	posix_spawn_file_actions_destroy(&actions);
	if (error != 0)
		throw std::runtime_error("'" + words[0] + "' cannot be run: " + std::strerror(error));
	int status = 0;
	::waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

void run_command(const std::vector<std::string>& words) {
	if (const int status = status_of(words, -1); status != 0)
		throw std::runtime_error("it failed (exit status " + std::to_string(status) + "): " + written(words));
}

std::string first_line_of(const std::vector<std::string>& words) {
	int ends[2];
	if (::pipe(ends) != 0)
		return {};
	int status = -1;
	try {
		status = status_of(words, ends[1]);
	} catch (const std::runtime_error&) {
	}
	::close(ends[1]);
	char text[4096];
	const ssize_t size = ::read(ends[0], text, sizeof text);
	::close(ends[0]);
	const std::string all(text, size > 0 ? static_cast<std::size_t>(size) : 0);
	return status == 0 ? all.substr(0, all.find('\n')) : std::string();
}

} // namespace sockops_run
