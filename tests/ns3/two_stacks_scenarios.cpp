// SPDX-License-Identifier: MIT
#include "two_stacks_scenarios.hpp"

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/hook/helpers.hpp>

namespace test {

using namespace sockops;

namespace {

const std::string connected =
	"\t+0 server listen\n\t+0 client connect\n\t+50ms server accept\n\t+100ms wait\n";
const std::string both_close = "\t+1s client close\n\t+1s server close\n\t+1s server close\n\t+1s wait\n";
const std::string all_read = "\t+1s server read\n\t+0 client read\n";

std::string with_losses(const std::string& losses) {
	return "\t+0 server listen\n" + losses + "\t+0 client connect\n\t+5s server accept\n";
}

} // namespace

std::vector<scenario> all_scenarios() {
	return {
		{"the client closes first",
		 connected + "\t+0 client send 3000\n\t+100ms server read\n\t+0 server send 500\n" + all_read +
			 both_close},
		{"the server closes first", connected + "\t+0 client send 500\n" + all_read +
										"\t+1s server close\n\t+1s client close\n\t+1s server close\n\t+1s "
										"wait\n"},
		{"by IPv6", "\tfamily ipv6\n" + connected + "\t+0 client send 3000\n" + all_read + both_close},
		{"both close at once",
		 connected + "\t+0 client close\n\t+0 server close\n\t+1s server close\n\t+1s wait\n"},
		{"half closed", connected +
							"\t+0 client shutdown\n\t+1s server send 500\n\t+100ms client read\n\t+1s server "
							"close\n\t+1s server close\n\t+1s wait\n"},
		{"the SYN is lost", with_losses("\t+0 link drop client syn 1\n") + both_close},
		{"the SYN-ACK is lost", with_losses("\t+0 link drop server synack 1\n") + both_close},
		{"the handshake's last ACK is lost", "\t+0 server listen\n\t+0 link drop client ack 1\n\t+0 client "
											 "connect\n\t+100ms client send 100\n\t+100ms "
											 "server accept\n" +
												 all_read + both_close},
		{"one of eight segments is lost", connected +
											  "\t+0 link drop client data 1 after 2\n\t+0 client send 1448 x "
											  "8\n" +
											  all_read + both_close},
		{"the last of eight segments is lost",
		 connected + "\t+0 link drop client data 1 after 7\n\t+0 client send 1448 x 8\n" + all_read +
			 both_close},
		{"a lone segment is lost twice",
		 connected + "\t+0 link drop client data 2\n\t+0 client send 500\n\t+3s server read\n" + both_close},
		{"the client's FIN is lost", connected + "\t+0 link drop client fin 1\n" + both_close},
		{"closed with unread data", connected +
										"\t+0 client send 500\n\t+1s server close\n\t+1s client close\n\t+1s "
										"server close\n\t+1s wait\n"},
		{"nobody listens", "\t+0 client connect\n\t+20s wait\n", {{"ns3::TcpSocket::ConnCount", "2"}}},
		{"nobody answers",
		 "\toption client TCP_SYNCNT 2\n\t+0 server listen\n\t+0 link drop client any all\n\t+0 client "
		 "connect\n\t+60s wait\n",
		 {{"ns3::TcpSocket::ConnCount", "3"}}},
		{"nobody answers, and timeouts double at once",
		 "\tsysctl tcp_syn_linear_timeouts 0\n\toption client TCP_SYNCNT 2\n\t+0 server listen\n\t+0 link "
		 "drop "
		 "client any all\n\t+0 client connect\n\t+60s wait\n",
		 {{"ns3::TcpSocket::ConnCount", "3"}}},
		{"much both ways with losses",
		 connected +
			 "\t+0 link drop client data 1 after 25\n\t+0 link drop server data 2 after 12\n"
			 "\t+0 client send 50000\n\t+0 server send 40000\n" +
			 all_read + both_close},
		{"the connection dies",
		 "\tsysctl tcp_retries2 1\n\tsysctl tcp_early_retrans 0\n" + connected +
			 "\t+0 link drop client any all\n\t+0 client send 100\n\t+60s wait\n",
		 {{"ns3::TcpSocket::DataRetries", "2"}}},
		{"the client closes while it connects",
		 "\t+0 link drop client syn all\n\t+0 client connect\n\t+100ms client close\n\t+10s wait\n"},
		{"the listener closes", "\t+0 server listen\n\t+1s server close\n\t+1s wait\n"},
		{"the script's own times",
		 with_losses("\t+0 link drop client syn 1\n") + both_close,
		 {{"ns3::TcpSocket::ConnTimeout", "3s"}}},
	};
}

namespace {

/// Sets the flags that ns-3 knows, and answers nothing.
int watch(bpf_sock_ops& skops) {
	if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB || skops.op == BPF_SOCK_OPS_TCP_LISTEN_CB)
		bpf_sock_ops_cb_flags_set(skops, 0xf);
	return 1;
}

/// Answers and sets options, each side others.
int tune(bpf_sock_ops& skops) {
	const bool server = skops.local_port == 20816;
	switch (skops.op) {
	case BPF_SOCK_OPS_TIMEOUT_INIT:
		skops.reply = server ? 75 : 50;
		break;
	case BPF_SOCK_OPS_RWND_INIT:
		skops.reply = server ? 20 : 30;
		break;
	case BPF_SOCK_OPS_NEEDS_ECN:
		skops.reply = 1;
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB: {
		const int rto_min_us = 100'000, too_large = 1'000'000, packets = 20;
		(void)bpf_setsockopt(skops, sol::tcp, TCP_BPF_RTO_MIN, &rto_min_us, sizeof rto_min_us);
		(void)bpf_setsockopt(skops, sol::tcp, TCP_BPF_RTO_MIN, &too_large, sizeof too_large);
		(void)bpf_setsockopt(skops, sol::tcp, TCP_BPF_IW, &packets, sizeof packets);
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG | BPF_SOCK_OPS_RETRANS_CB_FLAG);
		break;
	}
	default:
		break;
	}
	return 1;
}

program_set of_object(const std::string& name, const char* file,
					  const std::vector<std::pair<std::string, std::string>>& where) {
	program_set made{name, {}, {}};
	made.objects.push_back(bpf_object::load_file(file));
	for (const auto& [path, program] : where)
		made.attached.emplace_back(path, made.objects[0].prog(program));
	return made;
}

} // namespace

std::vector<std::function<program_set()>> all_programs() {
	return {
		[] {
			return program_set{"watch", {{"/fleet", make_bpf_prog("watch", watch)}}};
		},
		[] {
			return program_set{"tune", {{"/fleet/web", make_bpf_prog("tune", tune)}}};
		},
		[] {
			return of_object("lossy", LOSSY_PROGRAMS_OBJECT,
							 {{"/fleet", "fleet_policy"}, {"/fleet/web", "web_tuning"}});
		},
		[] {
			return of_object("op_counts", TWO_STACKS_OP_COUNTS_OBJECT, {{"/", "op_counts"}});
		},
		[] {
			return of_object("buffers", TWO_STACKS_TUNE_OBJECT, {{"/fleet", "tune"}});
		},
	};
}

} // namespace test
