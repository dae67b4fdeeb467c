// SPDX-License-Identifier: MIT
#include "known_list.hpp"

#include <algorithm>
#include <fstream>

#include "text_words.hpp"

namespace verdicts {

known_list read_known(const std::string& file) {
	std::ifstream from(file);
	if (!from)
		fail(file + " cannot be read");
	known_list all;
	for (std::string line; std::getline(from, line);) {
		if (trimmed(line).empty() || line[0] == '#')
			continue;
		const std::size_t space = std::min(line.find(' '), line.size());
		const std::string name = line.substr(0, space), kind = trimmed(line.substr(space));
		if (kind.empty() || kind == "?")
			fail(file + ": '" + line + "': write why behind the name");
		if (!all.emplace(name, kind).second)
			fail(file + ": " + name + " stands twice");
	}
	return all;
}

void write_known(const std::string& file, const std::string& about, const std::vector<std::string>& names,
				 const known_list& known) {
	std::size_t width = 0;
	for (const std::string& name : names)
		width = std::max(width, name.size());
	std::ofstream to(file);
	to << "# SPDX-License-Identifier: MIT\n# " << about << '\n';
	for (const std::string& name : names) {
		const auto found = known.find(name);
		to << name << std::string(width + 2 - name.size(), ' ')
		   << (found == known.end() ? "?" : found->second) << '\n';
	}
}

} // namespace verdicts
