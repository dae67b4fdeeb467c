// SPDX-License-Identifier: MIT
#include "scenarios.hpp"

#include "make_operation.hpp"

namespace kernel_diff {

namespace {

using namespace make;
using operations = std::vector<operation>;

constexpr std::uint32_t before = flag::before, after = flag::after, by_id = flag::id;

operations descendants_run_first() {
	return {mkdir(1, 0), mkdir(2, 1), socket(0, 2), attach(0, 0), attach(2, 2), attach(1, 1), attach(2, 3)};
}

operations preorder_runs_from_the_root_down() {
	return {mkdir(1, 0),
			socket(0, 1),
			socket(1, 0),
			attach(0, 0),
			attach(0, 1, multi | pre),
			attach(0, 2, multi | pre),
			attach(1, 3),
			attach(1, 4, multi | pre),
			link(1, 0, 5, pre),
			detach(0, 1),
			detach(1, 3)};
}

operations override_gives_way_and_multi_stays() {
	return {mkdir(1, 0),
			mkdir(2, 1),
			mkdir(3, 2),
			socket(0, 3),
			attach(0, 0, override_),
			attach(1, 1),
			attach(2, 2, override_),
			attach(3, 3, override_ | pre),
			detach(3, 3),
			detach(2, 2),
			detach(1, 1)};
}

operations the_nearest_ancestor_with_programs_decides() {
	return {mkdir(1, 0),       mkdir(2, 1),         mkdir(3, 0),  mkdir(4, 3),
			attach(1, 1),      attach(0, 0, none),  attach(2, 2), attach(3, 3),
			attach(4, 4),      link(4, 0, 4),       attach(1, 5), detach(1, 1),
			detach(1, 5),      attach(1, 1, multi), detach(0, 0), attach(3, 3, override_),
			attach(4, 4, none)};
}

operations a_none_child_of_a_multi_parent() {
	return {mkdir(1, 0),         mkdir(2, 1),   socket(0, 2), attach(0, 0),       attach(1, 1, none),
			attach(2, 2),        link(2, 0, 3), attach(0, 4), attach(1, 5, none), attach(1, 6, override_),
			attach(1, 6, multi), detach(1, 9)};
}

operations a_mode_is_kept_until_the_list_is_empty() {
	return {attach(0, 0),
			attach(0, 1, none),
			attach(0, 1, override_),
			link(0, 0, 2),
			detach(0, 0),
			attach(0, 1, none),
			close_link(0),
			attach(0, 1, none),
			attach(0, 2, override_),
			attach(0, 2),
			link(0, 1, 3),
			detach(0, handle::none),
			attach(0, 2, override_),
			attach(0, 3, override_ | pre),
			attach(0, 3, override_),
			detach(0, handle::closed),
			detach(0, 3)};
}

operations sixty_four_here_and_sixty_four_above() {
	operations all{mkdir(1, 0), socket(0, 1)};
	for (int prog = 0; prog != 63; ++prog)
		all.push_back(attach(0, prog));
	all.push_back(link(0, 0, 63, pre));
	for (int prog = 30; prog != 94; ++prog)
		all.push_back(attach(1, prog, prog % 16 ? multi : multi | pre));
	for (const operation& op :
		 {attach(1, 94), attach(1, 30), replace(1, 30, 94), replace(1, 95, 94), link(1, 1, 94),
		  attach(1, 94, none), expecting(attach(1, 94), 3), update(0, 94), detach(1, 31), replace(1, 30, 94),
		  attach(1, 31), query(1, 1, 127), query(1, 1, 128), query(1, 0, 63, true), query(1, 0, 64, true)})
		all.push_back(op);
	return all;
}

operations once_directly_and_by_any_number_of_links() {
	return {socket(0, 0),     attach(0, 0),   attach(0, 0),     link(0, 0, 0),    link(0, 1, 0),
			replace(0, 0, 0), attach(0, 1),   replace(0, 1, 0), replace(0, 0, 1), detach(0, 0),
			detach(0, 0),     link(0, 2, 0),  detach(0, 0),     replace(0, 0, 5), close_link(1),
			detach_link(0),   detach_link(0), update(0, 3)};
}

operations a_replaced_program_keeps_its_place() {
	return {mkdir(1, 0),
			socket(0, 1),
			attach(0, 0),
			attach(0, 1),
			attach(0, 2),
			attach(1, 3),
			replace(0, 1, 4),
			replace(0, 4, 5, pre),
			replace(0, 5, 6),
			replace(0, 9, 7),
			replace(0, 0, 2),
			replace(0, handle::closed, 7),
			attach(0, 7, multi | flag::replace),
			attach(0, 7, flag::replace),
			replace(0, 0, 7, before),
			replace(0, 0, 7, after),
			replace(0, 0, 7, by_id | flag::link)};
}

operations positions() {
	return {attach(0, 0),
			attach(0, 1, multi | before),
			attach(0, 2, multi | after),
			beside(attach(0, 3, multi | before), 0),
			beside(attach(0, 4, multi | after), 0),
			beside(attach(0, 5, multi | before | by_id), 2),
			beside(attach(0, 6, multi | after | by_id), 1),
			beside(attach(0, 7, multi | after | pre), 1),
			attach(0, 7, multi | before | pre),
			beside(attach(0, 8, multi | after | pre), 7),
			beside(attach(0, 9, multi | after), 7),
			beside(attach(0, 9, multi | before | after), 0),
			beside(attach(0, 9, multi), 0),
			beside(attach(0, 9, multi | before), 20),
			beside(attach(0, 9, multi | before | by_id), 20),
			attach(0, 9, multi | before | by_id),
			attach(0, 9, multi | before | flag::link),
			attach(0, 9, multi | before | after)};
}

operations positions_of_links() {
	return {attach(0, 0),
			link(0, 0, 1),
			link(0, 1, 2, before),
			beside_link(link(0, 2, 3, before), 0),
			beside_link(link(0, 3, 4, after | by_id), 1),
			beside_link(link(0, 4, 5, after | pre), 1),
			link(0, 4, 5, pre),
			beside_link(link(0, 5, 6, before | pre), 4),
			beside(link(0, 6, 7, before), 0),
			beside(link(0, 6, 7, before | flag::link), 0),
			beside_link(attach(0, 8, multi | before), 0),
			beside_link(link(0, 6, 7), 0),
			detach_link(0),
			beside_link(link(0, 6, 7, before), 0),
			close_link(0),
			beside_link(link(0, 6, 7, before), 0),
			beside_link(link(0, 6, 7, before | by_id), 0),
			link(0, 6, 7, multi),
			link(0, 6, 7, flag::replace)};
}

operations an_updated_link_keeps_its_place() {
	return {mkdir(1, 0),
			mkdir(2, 1),
			socket(0, 2),
			attach(0, 0),
			link(0, 0, 1, pre),
			attach(0, 2),
			link(1, 1, 3),
			attach(2, 4, multi | pre),
			update(0, 5),
			update(1, 6),
			update(1, 6),
			update(1, 7, 6),
			update(1, 8, 6),
			update(1, 8, handle::none),
			update(1, 8, handle::closed),
			update(1, handle::other_type),
			update(1, handle::other_type, 6),
			attach(1, 7),
			update(0, 5, 5),
			detach(1, 7)};
}

operations revisions_count_what_changed() {
	return {mkdir(1, 0),
			expecting(attach(0, 0), 1),
			expecting(attach(0, 1), 1),
			expecting(attach(0, 1), 3),
			expecting(attach(0, 1), 2),
			expecting(attach(0, 1), 3),
			expecting(attach(0, 1, none), 9),
			expecting(attach(0, 1, none), 3),
			expecting(replace(0, 1, 2), 3),
			expecting(link(0, 0, 3), 4),
			update(0, 4),
			expecting(detach(0, 0), 5),
			expecting(detach(0, 0), 6),
			expecting(detach(0, 0), 7),
			detach_link(0),
			detach(0, 2),
			expecting(attach(0, 0, none), 9),
			expecting(attach(0, 1, none), 10),
			expecting(link(1, 1, 3), 2)};
}

operations queries_with_little_room() {
	operations all{mkdir(1, 0), attach(0, 0), attach(0, 1), link(0, 0, 2, pre), attach(1, 3, override_)};
	for (int cgroup = 0; cgroup != 2; ++cgroup)
		for (std::uint32_t flags = 0; flags != 4; ++flags)
			for (std::uint32_t capacity = 0; capacity != 6; ++capacity)
				for (const bool want_flags : {false, true})
					for (const bool want_ids : {true, false})
						all.push_back(query(cgroup, flags, capacity, want_flags, want_ids));
	return all;
}

operations a_new_cgroup_inherits_at_once() {
	return {attach(0, 0), link(0, 0, 1, pre), mkdir(1, 0),  socket(0, 1), mkdir(2, 1),  attach(2, 2, none),
			mkdir(3, 2),  socket(1, 3),       update(0, 4), detach(0, 0), attach(3, 3), detach(2, 9)};
}

operations a_removed_cgroup_runs_on_for_its_socket() {
	return {mkdir(1, 0),        socket(0, 1),    attach(0, 0),    attach(1, 1),
			link(1, 0, 2, pre), mkdir(2, 1),     rmdir(1),        rmdir(2),
			rmdir(1),           rmdir(1),        attach(1, 3),    detach(1, 1),
			link(1, 1, 3),      mkdir(3, 1),     update(0, 4),    attach(0, 5, multi | pre),
			detach(0, 0),       update(0, 6, 4), close_socket(0), update(0, 7),
			detach_link(0),     close_link(0),   attach(0, 8)};
}

operations a_link_may_leave_a_removed_cgroup() {
	return {mkdir(1, 0),    socket(0, 1), link(1, 0, 1), link(1, 1, 2), rmdir(1),
			detach_link(0), update(0, 3), close_link(1), attach(0, 4)};
}

operations a_removed_child_with_a_socket_keeps_its_removed_parent() {
	return {mkdir(1, 0),   mkdir(2, 1),     socket(0, 2), attach(1, 1), link(1, 0, 2, pre),
			link(2, 1, 3), rmdir(2),        rmdir(1),     update(0, 4), attach(0, 5),
			update(1, 6),  close_socket(0), update(0, 7), update(1, 7)};
}

operations without_a_socket_links_are_left_at_nothing() {
	return {mkdir(1, 0),     attach(1, 0),    link(1, 0, 1),  link(1, 1, 2), rmdir(1),    update(0, 3),
			update(0, 3, 1), update(0, 3, 9), detach_link(0), close_link(1), attach(0, 0)};
}

} // namespace

const std::vector<scenario>& scenarios() {
	static const std::vector<scenario> all{
		{"descendants run first", descendants_run_first()},
		{"PREORDER runs from the root down", preorder_runs_from_the_root_down()},
		{"OVERRIDE gives way and MULTI stays", override_gives_way_and_multi_stays()},
		{"the nearest ancestor with programs decides", the_nearest_ancestor_with_programs_decides()},
		{"a NONE child of a MULTI parent", a_none_child_of_a_multi_parent()},
		{"a mode is kept until the list is empty", a_mode_is_kept_until_the_list_is_empty()},
		{"64 here and 64 above", sixty_four_here_and_sixty_four_above()},
		{"once directly and by any number of links", once_directly_and_by_any_number_of_links()},
		{"a replaced program keeps its place", a_replaced_program_keeps_its_place()},
		{"positions", positions()},
		{"positions of links", positions_of_links()},
		{"an updated link keeps its place", an_updated_link_keeps_its_place()},
		{"revisions count what changed", revisions_count_what_changed()},
		{"queries with little room", queries_with_little_room()},
		{"a new cgroup inherits at once", a_new_cgroup_inherits_at_once()},
		{"a removed cgroup runs on for its socket", a_removed_cgroup_runs_on_for_its_socket()},
		{"a link may leave a removed cgroup", a_link_may_leave_a_removed_cgroup()},
		{"a removed child with a socket keeps its removed parent",
		 a_removed_child_with_a_socket_keeps_its_removed_parent()},
		{"without a socket links are left at nothing", without_a_socket_links_are_left_at_nothing()},
	};
	return all;
}

} // namespace kernel_diff
