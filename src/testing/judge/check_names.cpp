// SPDX-License-Identifier: MIT
// Names in a line are those of the objects: told before anything happens.

#include <sockops/object/bpf_object.hpp>

#include "../../object/value_path.hpp"
#include "judging.hpp"

namespace sockops::testing::text {

namespace {

[[noreturn]] void refuse(const std::string& why) { throw object_error(why); }

class checker {
  public:
	explicit checker(object_set& objects) : objects_(objects) {}

	void operator()(const about_calls& line) const {
		for (const about_calls::one& call : line.calls)
			for (const deed& each : call.deeds)
				std::visit(*this, each.what);
	}
	void operator()(const replied& what) const { program(what.by); }
	void operator()(const returned& what) const { program(what.by); }
	void operator()(const verdict& what) const { program(what.by); }
	void operator()(const set_an_option& what) const {
		program(what.by);
		if (what.value.starts_with('"'))
			(void)unquoted(what.value);
	}
	void operator()(const spoilt& what) const { program(what.of), program(what.by); }
	void operator()(const printed& what) const { (void)unquoted(what.line); }
	void operator()(const recorded& what) const { records(what.map); }
	void operator()(const left_flags&) const {}
	void operator()(const reserved&) const {}
	void operator()(const wrote&) const {}
	void operator()(const firing&) const {}

	void operator()(const about_map& line) const {
		const map_holds holds = view_of(line.map).map().holds();
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
	}
	void operator()(const about_global& line) const {
		const auto [of, path] = objects_.variable(line.path);
		(void)object::global_by_path(of->object, path);
	}
	void operator()(const about_records& line) const { records(line.map); }
	void operator()(const about_printk& line) const {
		for (const std::string& each : line.lines)
			(void)unquoted(each);
	}
	void operator()(const about_spoils& line) const {
		for (const spoilt& each : line.all)
			(*this)(each);
	}
	void operator()(const about_trouble& line) const { (void)unquoted(line.part); }
	void operator()(const variable&) const {}

  private:
	/// "timeline" is that of lines 'program …'.
	void program(const std::string& name) const {
		if (name.empty() || name == "timeline")
			return;
		const auto [of, its_name] = objects_.program(name);
		(void)of->object.prog(its_name);
	}
	map_view view_of(const std::string& name) const {
		const auto [of, its_name] = objects_.map(name);
		return of->object.map(its_name);
	}
	void records(const std::string& name) const {
		if (view_of(name).map().holds() != map_holds::records)
			refuse("map '" + name + "' has no records: a RINGBUF or a PERF_EVENT_ARRAY has");
	}

	object_set& objects_;
};

} // namespace

void check_names(const statement& what, object_set& objects) { std::visit(checker(objects), what.what); }

} // namespace sockops::testing::text
