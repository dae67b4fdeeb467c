// SPDX-License-Identifier: MIT
// A script that is compiled and linked without sockops::bpf. With LINE above 0 it attaches an object file all
// the same, and is told what is missing.
#include <sockops/ns3/ns3.hpp>

#if LINE == 2 // says: object files in ns-3 need sockops::bpf: CMake's target sockops::ns3 has it
#include <sockops/ns3/sock_ops_object.hpp>
#endif

int main() {
	ns3::SockOpsHelper hook;
	hook.Attach("/all", sockops::make_bpf_prog("watch", [](sockops::bpf_sock_ops&) { return 1; }));
#if LINE == 1 // says: AttachObject\(\) needs sockops::bpf: CMake's target sockops::ns3 has it
	ns3::Ptr<ns3::SockOpsObject> tune = hook.AttachObject("/all", "tune.bpf.o", {{"limit", 8}});
#endif
	return hook.GetExitStatus();
}
