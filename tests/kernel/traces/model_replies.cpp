// SPDX-License-Identifier: MIT
#include "model_replies.hpp"

#include <sockops/sockops.hpp>

#include <testing/model/stack.hpp>

namespace traces {

namespace {

using namespace sockops;
using namespace sockops::testing;

bpf_prog_ptr make_program(reply_op op, const reply_program& like) {
	return make_bpf_prog("reply", [op, like](bpf_sock_ops& ctx) {
		if (ctx.op != static_cast<u32>(op))
			return true;
		if (like.writes)
			ctx.reply = static_cast<u32>(like.value);
		return like.returns_1;
	});
}

/// Client and server, between them a link without delay.
class two_stacks {
  public:
	explicit two_stacks(const cgroup_root& world)
		: client_(side::client, clock_, link_, world.make("/client"), nobody_, nothing_.settings,
				  nothing_.addresses(), 1),
		  server_(side::server, clock_, link_, world.make("/server"), nobody_, nothing_.settings,
				  nothing_.addresses(), 2) {}

	model::connection::facts attempt() {
		link_.drop(side::client, packet_kind::any, 0, timeline_event::all);
		perform(client_, timeline_action::connect);
		return client_.current()->info();
	}
	void establish() {
		perform(server_, timeline_action::listen);
		perform(client_, timeline_action::connect);
		perform(server_, timeline_action::accept);
	}
	model::connection::facts client() const { return client_.current()->info(); }
	model::connection::facts server() const { return server_.current()->info(); }

  private:
	struct nobody final : net_observer {
	} nobody_;
	static void perform(model::stack& who, timeline_action what) {
		timeline_event event{};
		event.what = what;
		who.perform(event);
	}

	timeline nothing_;
	model::virtual_clock clock_;
	model::link link_{clock_, 0};
	model::stack client_, server_;
};

reply_effect play_row(const reply_row& row) {
	const cgroup_root world;
	std::vector<bpf_link> attached;
	for (const reply_program& each : row.programs)
		attached.emplace_back(world.make("/"), make_program(row.op, each));
	reply_effect effect;
	if (row.op != reply_op::needs_ecn) {
		const model::connection::facts seen = two_stacks(world).attempt();
		(row.op == reply_op::timeout_init ? effect.client_rto_us : effect.client_rcv_wnd) =
			row.op == reply_op::timeout_init ? seen.rto_us : seen.rcv_wnd;
	}
	if (row.op == reply_op::timeout_init)
		return effect;
	two_stacks both(world);
	both.establish();
	if (row.op == reply_op::rwnd_init) {
		effect.server_rcv_wnd = both.server().rcv_wnd;
	} else {
		effect.client_ecn = both.client().ecn;
		effect.server_ecn = both.server().ecn;
	}
	return effect;
}

} // namespace

std::vector<reply_effect> replies_in_model(const std::vector<reply_row>& rows) {
	std::vector<reply_effect> effects;
	for (const reply_row& each : rows)
		effects.push_back(play_row(each));
	return effects;
}

} // namespace traces
