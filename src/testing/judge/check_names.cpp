// SPDX-License-Identifier: MIT
// Names in a line are those of the objects: told before anything happens.

#include <algorithm>

#include <sockops/hook/sockopt.hpp>
#include <sockops/object/bpf_object.hpp>

#include "../../object/value_path.hpp"
#include "judging.hpp"

namespace sockops::testing::text {

namespace {

[[noreturn]] void refuse(const std::string& why) { throw object_error(why); }

class checker {
  public:
	checker(object_set& objects, names& words, const record_reader& records)
		: objects_(objects), words_(words), reader_(records) {}

	void operator()(const about_calls& line) const {
		for (const about_calls::one& call : line.calls)
			for (const deed& each : call.deeds)
				std::visit(*this, each.what);
	}
	void operator()(const replied& what) const {
		program(what.by);
		(void)words_.number(what.value);
	}
	void operator()(const returned& what) const { program(what.by); }
	void operator()(const verdict& what) const { program(what.by); }
	void operator()(const set_an_option& what) const {
		program(what.by);
		if (what.value.starts_with('"'))
			(void)unquoted(what.value);
		if (!what.name.empty())
			option_value(what);
	}
	void operator()(const spoilt& what) const { program(what.of), program(what.by); }
	void operator()(const printed& what) const { (void)unquoted(what.line); }
	void operator()(const recorded& what) const {
		records(what.map);
		record(what.map, what.value);
	}
	void operator()(const left_flags&) const {}
	void operator()(const reserved& what) const { (void)words_.number(what.bytes); }
	void operator()(const wrote&) const {}
	void operator()(const firing&) const {}

	void operator()(const about_map& line) const {
		const map_holds holds = map_of(objects_, line.map).map().holds();
		const bool has_key = line.key.has_value(), takes_key = holds != map_holds::queued_values;
		if (holds == map_holds::records)
			refuse("map '" + line.map + "' has records, which are taken out: write 'records " + line.map +
				   ": …'");
		if (holds == map_holds::programs || holds == map_holds::other || holds == map_holds::unknown)
			refuse("map '" + line.map + "' has no values that could be compared");
		if (line.asks != about_map::question::entries && has_key != takes_key)
			refuse(takes_key ? "a key is missing: map " + line.map + "[KEY]"
							 : "map '" + line.map + "' has no keys: what is next in it is written map " +
								   line.map + " == VALUE");
		const bool is_equation = line.is == relation::equal || line.is == relation::unequal;
		if (holds == map_holds::sockets && (!line.path.empty() || !is_equation))
			refuse("map '" + line.map + "' holds sockets: write == and a socket's name, as client");
		if (line.key)
			key_of_map(line, holds);
		if (line.asks == about_map::question::value)
			value_of_map(line, holds);
	}
	void operator()(const about_global& line) const {
		const auto [of, path] = objects_.variable(line.path);
		value(object::global_by_path(of->object, path), line.is, line.value);
	}
	void operator()(const about_records& line) const {
		records(line.map);
		for (const std::string& each : line.values)
			record(line.map, each);
	}
	void operator()(const about_printk& line) const {
		for (const std::string& each : line.lines)
			(void)unquoted(each);
	}
	void operator()(const about_spoils& line) const {
		for (const spoilt& each : line.all)
			(*this)(each);
	}
	void operator()(const about_trouble& line) const { (void)unquoted(line.part); }
	void operator()(const variable& line) const {
		if (words_.is_socket(line.name))
			refuse("'" + line.name + "' is a socket's name: choose another");
		(void)words_.number(line.value);
		words_.let(line.name, "_");
	}

  private:
	/// "timeline" is that of lines 'program …'.
	void program(const std::string& name) const {
		if (name.empty() || name == "timeline")
			return;
		const auto [of, its_name] = objects_.program(name);
		(void)of->object.prog(its_name);
	}
	void records(const std::string& name) const {
		if (map_of(objects_, name).map().holds() != map_holds::records)
			refuse("map '" + name + "' has no records: a RINGBUF or a PERF_EVENT_ARRAY has");
	}

	void record(const std::string& map, const std::string& text) const {
		const map_view view = map_of(objects_, map);
		const std::string type = reader_.type_of(view);
		const std::string resolved = words_.resolved(text);
		if (!type.empty())
			(void)object::value_matches(object::zero_of_type(view.as_value({}), type), resolved);
	}
	/// Could such a value be compared so?
	void value(const typed_value& of, relation is, const std::string& text) const {
		const std::string resolved = words_.resolved(text);
		if (is == relation::equal || is == relation::unequal)
			(void)object::value_matches(of, resolved);
		else if (resolved != "_")
			(void)is_value(of, is, resolved);
	}
	/// Of an option that is an int: words are no value of it.
	void option_value(const set_an_option& what) const {
		const std::string text = words_.resolved(what.value);
		const auto options = sockopts();
		const auto found =
			std::ranges::find_if(options, [&](const sockopt_info& each) { return each.name == what.name; });
		if (found == options.end() || found->optlen != sockopt_info::length::word || text == "_")
			return;
		const std::optional<s64> number = number_in(text);
		if (!number)
			refuse("'" + text + "' is no number, and " + what.name +
				   " is one: write a number, a variable, or _ for any");
		if (*number < -(s64{1} << 31) || *number > s64{0xffffffff})
			refuse("'" + text + "' is too large: " + what.name + " is a number of 32 bits");
	}
	void key_of_map(const about_map& line, map_holds holds) const {
		if (holds == map_holds::socket_values) {
			if (!words_.is_socket(*line.key))
				refuse("'" + *line.key +
					   "' is no socket: an SK_STORAGE map has values by socket, as in [client]");
			return;
		}
		const map_view view = map_of(objects_, line.map);
		const typed_value key = view.as_key(std::vector<std::byte>(view.map().attr.key_size));
		const std::string missing = object::left_out(key, words_.resolved(*line.key));
		if (!missing.empty())
			refuse("the key says nothing of " + missing + ": a key is looked up as a whole, so name all of " +
				   key.type_name());
	}
	void value_of_map(const about_map& line, map_holds holds) const {
		const map_view view = map_of(objects_, line.map);
		if (holds == map_holds::sockets) {
			if (!words_.is_socket(line.value))
				refuse("'" + line.value + "' is no socket's name, as client, server and listener are" +
					   (line.value == "absent" ? ": write map " + line.map + "[KEY] absent" : std::string()));
			return;
		}
		const typed_value zero = view.as_value(std::vector<std::byte>(view.map().attr.value_size));
		value(object::value_at(zero, line.path), line.is, line.value);
	}

	object_set& objects_;
	names& words_;
	const record_reader& reader_;
};

} // namespace

void check_names(const statement& what, object_set& objects, names& words, const record_reader& records) {
	std::visit(checker(objects, words, records), what.what);
}

} // namespace sockops::testing::text
