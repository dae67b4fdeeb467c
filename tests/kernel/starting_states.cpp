// SPDX-License-Identifier: MIT
#include "starting_states.hpp"

#include "make_operation.hpp"

namespace kernel_diff {

namespace {

using namespace make;
using operations = std::vector<operation>;

/// c0/c1/c2, and then `more`.
operations tree(operations more) {
	operations all{mkdir(1, 0), mkdir(2, 1)};
	all.insert(all.end(), more.begin(), more.end());
	return all;
}

/// Direct programs and links, with and without PREORDER, here; and some above and below.
operations mixed() {
	using namespace role;
	return tree({attach(0, above, multi), link(0, link_above, 22, pre), attach(target, here, multi),
				 link(target, link_here, 2), attach(target, here_preorder, multi | pre),
				 link(target, link_here_preorder, here, pre), attach(target, 3, multi),
				 attach(2, below, multi | pre), link(target, link_closed, 4), close_link(link_closed)});
}

/// 64 attachments here: one place less if `but_one`.
operations full(bool but_one) {
	using namespace role;
	operations more{attach(0, above, multi), link(target, link_here, 2), attach(target, here, multi),
					attach(target, here_preorder, multi | pre)};
	for (int prog = 36; prog != (but_one ? 96 : 97); ++prog)
		more.push_back(attach(target, prog, multi));
	return tree(more);
}

std::vector<starting_state> make_states() {
	using namespace role;
	const auto single = [](std::uint32_t flags) { return tree({attach(target, here, flags)}); };
	return {
		{"empty", tree({})},
		{"none here", single(0)},
		{"override here", single(override_)},
		{"override here in preorder",
		 tree({attach(0, above, multi), attach(target, here, override_ | pre), attach(2, below, override_)})},
		{"one in multi here", single(multi)},
		{"mixed", mixed()},
		{"links alone", tree({link(target, link_here, here), link(target, link_here_preorder, here, pre)})},
		{"none above", tree({attach(0, above, 0)})},
		{"none above, attached after what is here",
		 tree({attach(target, here, multi), attach(2, below, multi), attach(0, above, 0)})},
		{"override above", tree({attach(0, above, override_), link(2, link_above, below)})},
		{"multi above none here", tree({attach(0, above, multi | pre), attach(target, here, 0)})},
		{"emptied", tree({attach(target, here, 0), detach(target, here), attach(target, here, multi),
						  detach(target, here)})},
		{"full", full(false)},
		{"one place left", full(true)},
		{"removed", tree({attach(target, here, multi), link(target, link_here, 2), rmdir(2), rmdir(target)})},
		{"removed, a socket left", tree({socket(0, target), attach(target, here, multi),
										 link(target, link_here, 2), rmdir(2), rmdir(target)})},
	};
}

} // namespace

const std::vector<starting_state>& starting_states() {
	static const std::vector<starting_state> states = make_states();
	return states;
}

} // namespace kernel_diff
