// SPDX-License-Identifier: MIT
#include "errno_words.hpp"

#include <cerrno>

#include "text_words.hpp"

namespace verdicts {

namespace {

struct named_error {
	const char* name;
	int number;
};
constexpr named_error errors[] = {{"E2BIG", E2BIG},   {"EACCES", EACCES}, {"EFAULT", EFAULT},
								  {"EINVAL", EINVAL}, {"ENOENT", ENOENT}, {"EOPNOTSUPP", EOPNOTSUPP},
								  {"EPERM", EPERM}};

} // namespace

int errno_of(const std::string& word) {
	for (const named_error& each : errors)
		if (word == each.name)
			return each.number;
	return static_cast<int>(number_of(word));
}

std::string word_of_errno(int error) {
	for (const named_error& each : errors)
		if (error == each.number)
			return each.name;
	return std::to_string(error);
}

} // namespace verdicts
