# SPDX-License-Identifier: MIT
# What ns3_lossy prints for people: a timeline with both sides, and one table with five rows.
#   cmake -D PROGRAM=ns3_lossy -P lossy_text.cmake

execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE printed RESULT_VARIABLE status)
if(NOT status EQUAL 0)
	message(FATAL_ERROR "exit status ${status}")
endif()
foreach(line IN ITEMS
		"client  TIMEOUT_INIT .* 50 jiffies  fleet_policy"
		"server  RWND_INIT .* 40 packets  fleet_policy"
		"server  NEEDS_ECN  .* 1  .* web_tuning"
		"client  RTO_CB .* 0 retransmits, RTO 50 jiffies"
		"client  RETRANS_CB .* seq 0, 1 segment"
		"server  PASSIVE_ESTABLISHED_CB  SYN_RECV"
		"client  RTT_CB  .* and [0-9]+ more"
		"SYN retry gap +3000 ms +200 ms +TIMEOUT_INIT = 50 jiffies"
		"first window +65535 bytes +57920 bytes +RWND_INIT = 40 packets"
		"ECN +no +yes, [0-9]+ packets +NEEDS_ECN = 1"
		"initial cwnd +10 packets +40 packets +TCP_BPF_IW = 40"
		"completion time +[0-9.]+ s +[0-9.]+ s")
	if(NOT printed MATCHES "${line}")
		message(SEND_ERROR "no line like '${line}' in\n${printed}")
	endif()
endforeach()
string(REGEX MATCHALL "\n" lines "${printed}")
list(LENGTH lines count)
if(count GREATER 60)
	message(SEND_ERROR "${count} lines: too long to read")
endif()
