// SPDX-License-Identifier: MIT
#include "two_stacks_scenarios.hpp"

namespace test {

std::vector<scenario> all_scenarios() {
	return {
		{"the client closes first", R"(
	+0 server listen
	+0 client connect
	+50ms server accept
	+100ms wait
	+0 client send 3000
	+100ms server read
	+0 server send 500
	+1s server read
	+0 client read
	+1s client close
	+1s server close
	+1s server close
	+1s wait
)"},
		{"the server closes first", R"(
	+0 server listen
	+0 client connect
	+50ms server accept
	+100ms wait
	+0 client send 500
	+1s server read
	+0 client read
	+1s server close
	+1s client close
	+1s server close
	+1s wait
)"},
		{"by IPv6", R"(
	family ipv6
	+0 server listen
	+0 client connect
	+50ms server accept
	+100ms wait
	+0 client send 3000
	+1s server read
	+0 client read
	+1s client close
	+1s server close
	+1s server close
	+1s wait
)"},
		{"both close at once", R"(
	+0 server listen
	+0 client connect
	+50ms server accept
	+100ms wait
	+0 client close
	+0 server close
	+1s server close
	+1s wait
)"},
		{"half closed", R"(
	+0 server listen
	+0 client connect
	+50ms server accept
	+100ms wait
	+0 client shutdown
	+1s server send 500
	+100ms client read
	+1s server close
	+1s server close
	+1s wait
)"},
		{"the SYN is lost", R"(
	+0 server listen
	+0 link drop client syn 1
	+0 client connect
	+5s server accept
	+1s client close
	+1s server close
	+1s server close
	+1s wait
)"},
		{"the SYN-ACK is lost", R"(
	+0 server listen
	+0 link drop server synack 1
	+0 client connect
	+5s server accept
	+1s client close
	+1s server close
	+1s server close
	+1s wait
)"},
		{"the handshake's last ACK is lost", R"(
	+0 server listen
	+0 link drop client ack 1
	+0 client connect
	+100ms client send 100
	+100ms server accept
	+1s server read
	+0 client read
	+1s client close
	+1s server close
	+1s server close
	+1s wait
)"},
		{"one of eight segments is lost", R"(
	+0 server listen
	+0 client connect
	+50ms server accept
	+100ms wait
	+0 link drop client data 1 after 2
	+0 client send 1448 x 8
	+1s server read
	+0 client read
	+1s client close
	+1s server close
	+1s server close
	+1s wait
)"},
		{"the last of eight segments is lost", R"(
	+0 server listen
	+0 client connect
	+50ms server accept
	+100ms wait
	+0 link drop client data 1 after 7
	+0 client send 1448 x 8
	+1s server read
	+0 client read
	+1s client close
	+1s server close
	+1s server close
	+1s wait
)"},
		{"a lone segment is lost twice", R"(
	+0 server listen
	+0 client connect
	+50ms server accept
	+100ms wait
	+0 link drop client data 2
	+0 client send 500
	+3s server read
	+1s client close
	+1s server close
	+1s server close
	+1s wait
)"},
		{"the client's FIN is lost", R"(
	+0 server listen
	+0 client connect
	+50ms server accept
	+100ms wait
	+0 link drop client fin 1
	+1s client close
	+1s server close
	+1s server close
	+1s wait
)"},
		{"closed with unread data", R"(
	+0 server listen
	+0 client connect
	+50ms server accept
	+100ms wait
	+0 client send 500
	+1s server close
	+1s client close
	+1s server close
	+1s wait
)"},
		{"nobody listens",
		 R"(
	+0 client connect
	+20s wait
)",
		 {{"ns3::TcpSocket::ConnCount", "2"}}},
		{"nobody answers",
		 R"(
	option client TCP_SYNCNT 2
	+0 server listen
	+0 link drop client any all
	+0 client connect
	+60s wait
)",
		 {{"ns3::TcpSocket::ConnCount", "3"}}},
		{"nobody answers, and timeouts double at once",
		 R"(
	sysctl tcp_syn_linear_timeouts 0
	option client TCP_SYNCNT 2
	+0 server listen
	+0 link drop client any all
	+0 client connect
	+60s wait
)",
		 {{"ns3::TcpSocket::ConnCount", "3"}}},
		{"much both ways with losses", R"(
	+0 server listen
	+0 client connect
	+50ms server accept
	+100ms wait
	+0 link drop client data 1 after 25
	+0 link drop server data 2 after 12
	+0 client send 50000
	+0 server send 40000
	+1s server read
	+0 client read
	+1s client close
	+1s server close
	+1s server close
	+1s wait
)"},
		{"the connection dies",
		 R"(
	sysctl tcp_retries2 1
	sysctl tcp_early_retrans 0
	+0 server listen
	+0 client connect
	+50ms server accept
	+100ms wait
	+0 link drop client any all
	+0 client send 100
	+60s wait
)",
		 {{"ns3::TcpSocket::DataRetries", "2"}}},
		{"the client closes while it connects", R"(
	+0 link drop client syn all
	+0 client connect
	+100ms client close
	+10s wait
)"},
		{"both connect", R"(
	+0 link drop client syn 1
	+0 client connect
	+100ms server connect
	+1s client send 100
	+100ms server read
	+1s client close
	+1s server close
	+1s wait
)"},
		{"the listener closes", R"(
	+0 server listen
	+1s server close
	+1s wait
)"},
		{"the script's own times",
		 R"(
	+0 server listen
	+0 link drop client syn 1
	+0 client connect
	+5s server accept
	+1s client close
	+1s server close
	+1s server close
	+1s wait
)",
		 {{"ns3::TcpSocket::ConnTimeout", "3s"}}},
	};
}

} // namespace test
