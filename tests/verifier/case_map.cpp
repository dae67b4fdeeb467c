// SPDX-License-Identifier: MIT
#include "case_map.hpp"

#include <sockops/map/map_flags.hpp>

namespace verdicts {

namespace {

using namespace sockops;

struct map_word {
	const char* word;
	bpf_map_type type;
	u32 key_size = 4, value_size = 8, max_entries = 1, map_flags = 0; ///< unless the line says otherwise
};

constexpr map_word types[] = {
	{"hash", BPF_MAP_TYPE_HASH},
	{"array", BPF_MAP_TYPE_ARRAY},
	{"percpu_hash", BPF_MAP_TYPE_PERCPU_HASH},
	{"percpu_array", BPF_MAP_TYPE_PERCPU_ARRAY},
	{"lru_hash", BPF_MAP_TYPE_LRU_HASH},
	{"lpm", BPF_MAP_TYPE_LPM_TRIE},
	{"prog_array", BPF_MAP_TYPE_PROG_ARRAY, 4, 4},
	{"perf", BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4},
	{"array_of_maps", BPF_MAP_TYPE_ARRAY_OF_MAPS, 4, 4},
	{"hash_of_maps", BPF_MAP_TYPE_HASH_OF_MAPS, 4, 4},
	{"sockmap", BPF_MAP_TYPE_SOCKMAP, 4, 4},
	{"sockhash", BPF_MAP_TYPE_SOCKHASH, 4, 4},
	{"queue", BPF_MAP_TYPE_QUEUE, 0},
	{"stack", BPF_MAP_TYPE_STACK, 0},
	{"sk_storage", BPF_MAP_TYPE_SK_STORAGE, 4, 8, 0, BPF_F_NO_PREALLOC},
	{"ringbuf", BPF_MAP_TYPE_RINGBUF, 0, 0, 4096},
};

std::vector<std::byte> bytes_of(const std::string& hex) {
	std::vector<std::byte> bytes;
	if (hex.size() % 2)
		fail("init=" + hex + " has half a byte");
	for (std::size_t at = 0; at != hex.size(); at += 2)
		bytes.push_back(static_cast<std::byte>(number_of("0x" + hex.substr(at, 2))));
	return bytes;
}

void set_option(case_map& of, const std::string& key, const std::string& value) {
	const auto number = [&value] { return static_cast<u32>(number_of(value)); };
	if (key == "key")
		of.key_size = number();
	else if (key == "value")
		of.value_size = number();
	else if (key == "entries")
		of.max_entries = number();
	else if (key == "flags")
		of.map_flags = number();
	else if (key == "lock")
		of.lock = static_cast<s32>(number());
	else if (key == "timer")
		of.timer = static_cast<s32>(number());
	else if (key == "inner")
		of.inner = value;
	else if (key == "init")
		of.init = bytes_of(value);
	else if (key == "freeze")
		of.freeze = number() != 0;
	else
		fail("map " + of.name + ": no option '" + key + "'");
}

} // namespace

std::string word_of_map_type(u32 type) {
	for (const map_word& each : types)
		if (type == each.type)
			return each.word;
	return "?";
}

case_map map_of_line(const std::string& line) {
	const std::vector<std::string> words = words_of(line);
	if (words.size() < 2)
		fail("'map' is followed by a name and a type");
	for (const map_word& type : types)
		if (words[1] == type.word) {
			case_map made{.name = words[0],
						  .type = type.type,
						  .key_size = type.key_size,
						  .value_size = type.value_size,
						  .max_entries = type.max_entries,
						  .map_flags = type.map_flags};
			for (std::size_t at = 2; at != words.size(); ++at) {
				const std::size_t equals = std::min(words[at].find('='), words[at].size() - 1);
				set_option(made, words[at].substr(0, equals), words[at].substr(equals + 1));
			}
			return made;
		}
	fail("map " + words[0] + ": no type '" + words[1] + "'");
}

} // namespace verdicts
