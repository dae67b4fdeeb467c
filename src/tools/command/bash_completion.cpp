// SPDX-License-Identifier: MIT
// A script for bash that completes options and what they take.
#include <algorithm>

#include "command.hpp"
#include "words.hpp"

namespace sockops::tools {

namespace {

std::string spaced(const std::vector<std::string_view>& words) {
	std::string all;
	for (const std::string_view each : words)
		all += in_a_row({all.empty() ? "" : " ", each});
	return all;
}

/// What stands behind the name in MAP[KEY]=VALUE, "[": it is typed next.
std::string behind_name(std::string_view value) {
	const auto end = std::ranges::find_if(value, [](char c) { return c < 'A' || c > 'Z'; });
	return end == value.end() ? std::string() : std::string(1, *end);
}

/// What offers the words of a kind, as a line of the script.
std::string offer(word_kind kind, const std::vector<std::string_view>& choices, std::string_view value) {
	if (!choices.empty())
		return in_a_row({"words '", spaced(choices), "'", kind == word_kind::file ? "; files" : ""});
	const auto named = [&](std::string_view what) {
		return in_a_row({"contents '", what, "' '", behind_name(value), "'"});
	};
	switch (kind) {
	case word_kind::file:
		return "files";
	case word_kind::folder:
		return "folders";
	case word_kind::object:
		return "files o; files c";
	case word_kind::program:
		return named("program");
	case word_kind::map:
		return named("map");
	case word_kind::variable:
		return named("variable|constant");
	case word_kind::text:
		break;
	}
	return ":";
}

/// "--help, -h" as a pattern of `case`.
std::string pattern(const option& of) {
	std::string all;
	for (const std::string_view each : names_of(of))
		all += in_a_row({all.empty() ? "" : " | ", each});
	return all;
}

struct function {
	std::string_view name, text;
};

/// What the lines of offer() call, those first that others call. They print what may stand in place of
/// `$cur`, a line each.
constexpr function functions[] = {
	{"words", R"bash(	words() { compgen -W "$1" -- "$cur"; }
)bash"},
	{"folders", R"bash(	folders() { compgen -d -- "$cur"; }
)bash"},
	{"files", R"bash(	files() {
		compgen -f ${1:+-X "!*.$1"} -- "$cur"
		[ -z "${1-}" ] || compgen -d -- "$cur"
	}
)bash"},
	{"contents", R"bash(	# What the objects on the line have of a kind, as the tool tells it.
	contents() {
		local each objects=()
		for each in "${COMP_WORDS[@]:1}"; do
			[[ $each == *.o && -f $each ]] && objects+=("$each")
		done
		[ ${#objects[@]} -gt 0 ] || return
		words "$("${COMP_WORDS[0]}" --contents "${objects[@]}" 2>/dev/null | sed -nE "s/^($1) (.*)/\2$2/p")"
	}
)bash"},
};

std::string functions_for(std::string_view script) {
	std::string all;
	for (const function& each : functions)
		if (script.find(each.name) != script.npos)
			all += each.text;
	return all;
}

} // namespace

std::string bash_completion(const command& of) {
	std::string function_name = in_a_row({"_", of.name});
	std::ranges::replace(function_name, '-', '_');
	std::vector<std::string_view> names;
	std::string cases;
	for (const option& each : of.options) {
		for (const std::string_view name : names_of(each))
			names.push_back(name);
		if (!each.value.empty())
			cases +=
				in_a_row({"\t", pattern(each), ") ", offer(each.kind, each.choices, each.value), " ;;\n"});
	}
	if (of.operand == word_kind::object)
		cases += "\t@) words '/ /client /server' ;;\n"; // bash parts words there
	cases += in_a_row({"\t*)\n\t\tcase $cur in\n\t\t-*) words '", spaced(names), "' ;;\n\t\t*) ",
					   offer(of.operand, {}, ""), " ;;\n\t\tesac\n\t\t;;\n"});
	return in_a_row({"# Completion of ", of.name, " for bash; written by ", of.name, " --generate bash.\n",
					 function_name, "_words() {\n", functions_for(cases), "\tcase $prev in\n", cases,
					 "\tesac\n}\n", function_name,
					 R"bash(() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [[ $cur == = && $prev == --* ]]; then # --name=VALUE are three words to bash
		cur=
	elif [[ $prev == = && ${COMP_WORDS[COMP_CWORD - 2]} == --* ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	mapfile -t COMPREPLY < <()bash",
					 function_name, R"bash(_words | sort -u)
	[[ ${COMPREPLY[0]-} == *[=[] ]] && compopt -o nospace 2>/dev/null
	[[ -e ${COMPREPLY[0]-} ]] && compopt -o filenames 2>/dev/null
	return 0
}
complete -F )bash",
					 function_name, " ", of.name, "\n"});
}

} // namespace sockops::tools
