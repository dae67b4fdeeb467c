// SPDX-License-Identifier: MIT
#include <memory>
#include <sstream>
#include <stdexcept>

#include <jansson.h>

#include "recording.hpp"

namespace sockopt_diff {

namespace {

struct bad_file : std::runtime_error {
	using std::runtime_error::runtime_error;
};

template <class... Out>
void unpack(json_t* json, const char* format, Out... out) {
	json_error_t why;
	if (json_unpack_ex(json, &why, 0, format, out...) != 0)
		throw bad_file(why.text);
}

template <class Each>
void for_each(json_t* list, Each each) {
	for (std::size_t at = 0; at != json_array_size(list); ++at)
		each(at, json_array_get(list, at));
}

template <std::size_t N>
int position(const std::string& word, const char* const (&words)[N]) {
	for (std::size_t at = 0; at != N; ++at)
		if (word == words[at])
			return static_cast<int>(at);
	throw bad_file("unknown word \"" + word + "\"");
}

bytes unpacked(const std::string& text, std::size_t size) {
	if (text == "=")
		return bytes(size, 0xa5);
	bytes all;
	for (std::size_t at = 0; text != "0" && at + 1 < text.size(); at += 2)
		all.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(at, 2), nullptr, 16)));
	if (all.size() > size)
		throw bad_file("\"" + text + "\" is more than " + std::to_string(size) + " bytes");
	all.resize(size, 0);
	return all;
}

step read_step(const std::string& text) {
	std::istringstream from(text);
	std::string kind, value;
	std::size_t optlen = 0;
	step what;
	if (!(from >> kind >> what.level >> what.optname >> optlen >> value >> what.result))
		throw bad_file("\"" + text + "\" is no step");
	what.get = position(kind, {"set", "get", "given"}) != 0;
	what.given = kind == "given";
	what.optval = what.get ? bytes(optlen, 0xa5) : unpacked(value, optlen);
	if (what.get)
		what.after = unpacked(value, optlen);
	return what;
}

act read_act(json_t* json) {
	act one;
	int op = 0, state = 0, fired = 0;
	json_t* steps = nullptr;
	unpack(json, "{s:i, s:i, s:b, s:o}", "op", &op, "new_state", &state, "fired", &fired, "steps", &steps);
	one.op = static_cast<unsigned>(op);
	one.new_state = static_cast<unsigned>(state);
	one.done = fired != 0;
	for_each(steps, [&](std::size_t, json_t* each) {
		const char* const text = json_string_value(each);
		one.steps.push_back(read_step(text ? text : ""));
	});
	return one;
}

scene read_scene(json_t* json) {
	scene one;
	const char *name = "", *what = "", *on = "";
	int reserve = 0;
	json_t* acts = nullptr;
	unpack(json, "{s:s, s:s, s:s, s:i, s:o}", "name", &name, "shape", &what, "family", &on, "reserve",
		   &reserve, "acts", &acts);
	one.name = name;
	one.what = static_cast<shape>(position(what, {"listens", "connects", "accepts"}));
	one.on = static_cast<family>(position(on, {"v4", "v6", "v6only"}));
	one.reserve = static_cast<unsigned>(reserve);
	for_each(acts, [&](std::size_t, json_t* each) { one.acts.push_back(read_act(each)); });
	return one;
}

surroundings read_where(json_t* json) {
	surroundings where;
	json_int_t wmem_max = 0, rmem_max = 0;
	json_t* names = nullptr;
	const char* chosen = "";
	unpack(json, "{s:i, s:I, s:I, s:[iii], s:[iii], s:s, s:o}", "hz", &where.hz, "wmem_max", &wmem_max,
		   "rmem_max", &rmem_max, "tcp_wmem", &where.wmem[0], &where.wmem[1], &where.wmem[2], "tcp_rmem",
		   &where.rmem[0], &where.rmem[1], &where.rmem[2], "congestion_control", &chosen,
		   "congestion_controls", &names);
	where.wmem_max = static_cast<std::uint32_t>(wmem_max);
	where.rmem_max = static_cast<std::uint32_t>(rmem_max);
	where.congestion_control = chosen;
	for_each(names, [&](std::size_t, json_t* each) {
		where.congestion_controls.emplace_back(json_is_string(each) ? json_string_value(each) : "");
	});
	return where;
}

} // namespace

recording read_recording(const std::string& path, std::string& error) {
	json_error_t where;
	const std::unique_ptr<json_t, decltype(&json_decref)> json(
		json_load_file(path.c_str(), JSON_REJECT_DUPLICATES, &where), json_decref);
	recording result;
	if (!json) {
		error = path + ":" + std::to_string(where.line) + ": " + where.text;
		return result;
	}
	try {
		const char *format = "", *on = "";
		json_t *around = nullptr, *scenes = nullptr;
		unpack(json.get(), "{s:s, s:s, s:o, s:o}", "format", &format, "recorded_on", &on, "where", &around,
			   "scenes", &scenes);
		if (std::string(format) != "sockopt answers 1")
			throw bad_file(std::string("unknown format \"") + format + "\"");
		result.recorded_on = on;
		result.where = read_where(around);
		for_each(scenes, [&](std::size_t, json_t* each) { result.scenes.push_back(read_scene(each)); });
	} catch (const std::exception& wrong) {
		error = path + ": " + wrong.what();
	}
	return result;
}

} // namespace sockopt_diff
