// SPDX-License-Identifier: MIT
#include "plugin.hpp"

#include <string>

namespace {

using namespace sockops;

std::string reports, handed_out;

bpf_prog_ptr answers_7() {
	return make_bpf_prog("of a plug-in", [](bpf_sock_ops& skops) {
		skops.reply = 7;
		return 1;
	});
}

int all_alone() {
	net in;
	const cgroup_root root;
	cgroup& apps = root.make("/apps");
	const bpf_link link(apps, answers_7());
	scoped_tcp_sock listener(in, apps);
	request_sock req;
	inet_reqsk_init(req, &listener, in);
	scoped_tcp_sock child(listener, req);
	return child.error != 0 ? child.error : tcp_call_bpf(&child, BPF_SOCK_OPS_RWND_INIT, 0, nullptr);
}

/// All that a socket needs, and a program that answers 7.
struct whole_socket : tcp_sock {
	net in;
	cgroup_root root;
	bpf_link link{*root, answers_7()};

	whole_socket() { (void)tcp_init_sock(*this, in, *root); }
	~whole_socket() { sk_free(*this); }
};

const plugin here = {
	[](cgroup& cgrp) { return cgroup_bpf_attach(cgrp, answers_7()); },
	[](cgroup& cgrp) {
		attach_error why;
		const bpf_link link(cgrp, answers_7(), {}, &why);
		return why.code();
	},
	[](cgroup& cgrp, const bpf_prog* prog) { return cgroup_bpf_detach(cgrp, prog); },
	[](cgroup& cgrp) {
		cgroup_bpf_query_attr attr;
		const int error = cgroup_bpf_query(cgrp, attr);
		return error != 0 ? error : static_cast<int>(attr.prog_cnt);
	},
	[](net& in, cgroup& cgrp) { return scoped_tcp_sock(in, cgrp).error; },
	[]() -> tcp_sock* { return new whole_socket; },
	[](tcp_sock* sk) { delete static_cast<whole_socket*>(sk); },
	[](tcp_sock& listener) {
		request_sock req;
		inet_reqsk_init(req, &listener, *listener.skc_net);
		return scoped_tcp_sock(listener, req).error;
	},
	[](cgroup& cgrp) {
		int error = 0;
		(void)cgroup_mkdir(cgrp, "from_a_plug_in", &error);
		return error;
	},
	[](cgroup& cgrp) { return cgroup_rmdir(cgrp); },
	[](cgroup& cgrp) {
		cgroup_get(cgrp);
		cgroup_put(cgrp);
	},
	[] { return answers_7(); },
	all_alone,
	[] { return detail::this_copy(); },
	[] {
		handed_out.swap(reports);
		reports.clear();
		return handed_out.c_str();
	},
};

} // namespace

const plugin* sockops_test_plugin() {
	set_illegal_use_handler([](const check_report& report) noexcept {
		reports += std::string(report.call) + ": " + report.message + "\n";
	});
	return &here;
}
