// SPDX-License-Identifier: MIT
#include "fire_sockets.hpp"

#include <optional>
#include <stdexcept>

#include "ip_text.hpp"
#include "socket_field_table.hpp"

namespace sockops::testing::model {

namespace {

using target = timeline_fire::target;

u64 clock_of(void* context) { return static_cast<virtual_clock*>(context)->now(); }

} // namespace

fire_sockets::fire_sockets(const cgroup_root& world, virtual_clock& clock, net& cookies)
	: world_(world), net_(net_profile{}, net_sources{.ktime_get_ns = clock_of, .context = &clock}),
	  watching_(net_, *this) {
	net_.share_sock_cookies(cookies);
}

tcp_sock& fire_sockets::make_socket(const socket_fields& fields) {
	scoped_tcp_sock& made = sockets_.emplace_back(net_, world_.make(fields.cgroup));
	if (made.error != 0)
		throw std::runtime_error("the cgroup '" + fields.cgroup +
								 "' has been removed: no socket can be made in it");
	set_fields(made, fields);
	return made;
}

/// Of a listener of its own address and port.
request_sock& fire_sockets::make_request(const socket_fields& fields) {
	socket_fields listening{.state = TCP_LISTEN};
	listening.local_ip = fields.local_ip.empty() && is_ipv6_text(fields.remote_ip) ? "::" : fields.local_ip;
	listening.local_port = fields.local_port;
	listening.cb_flags = fields.cb_flags;
	listening.cgroup = fields.cgroup;
	tcp_sock& listener = make_socket(listening);
	request_sock& made = requests_.emplace_back();
	inet_reqsk_init(made, &listener, net_);
	set_addresses(made, fields);
	made.mss = static_cast<u16>(fields.mss);
	listeners_.emplace(&made, &listener);
	return made;
}

tcp_sock& fire_sockets::make_child(const timeline_fire& what) {
	auto& request = static_cast<request_sock&>(*by_name_.at(what.of));
	scoped_tcp_sock& made = sockets_.emplace_back(*listeners_.at(&request), request);
	if (made.error != 0)
		throw std::runtime_error("the request '" + what.of + "' has had its child");
	set_fields(made, what.fields, what.given);
	return made;
}

sock_common& fire_sockets::socket_of(const timeline_fire& what) {
	if (what.on == target::known) {
		sock_common& there = *by_name_.at(what.name);
		if (what.given != 0)
			set_fields(static_cast<tcp_sock&>(there), what.fields, what.given);
		return there;
	}
	sock_common* made = nullptr;
	if (what.on == target::request)
		made = &make_request(what.fields);
	else if (what.on == target::child)
		made = &make_child(what);
	else
		made = &make_socket(what.fields);
	if (!what.name.empty())
		by_name_.insert_or_assign(what.name, made);
	return *made;
}

fired fire_sockets::fire(const timeline_fire& what, sock_common& on) {
	faults_.clear();
	findings_.clear();
	std::optional<test_segment> segment;
	fire_options with{.args = what.args, .anyway = what.anyway};
	if (what.room)
		with.room = *what.room;
	if (what.options) {
		std::vector<u8> options = *what.options;
		if (what.op == BPF_SOCK_OPS_WRITE_HDR_OPT_CB) { // what is to be written stands behind them
			if (!what.room)
				with.room = max_tcp_option_space - static_cast<u32>(options.size());
			options.resize(options.size() + (with.room + 3) / 4 * 4);
		}
		segment.emplace(options, what.segment_flags);
		with.skb = &segment->skb;
	}
	return testing::fire(static_cast<bpf_sock_ops_op>(what.op), on, with);
}

} // namespace sockops::testing::model
