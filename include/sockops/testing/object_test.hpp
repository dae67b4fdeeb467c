// SPDX-License-Identifier: MIT
// A unit test of an object file's programs: sockets to taste, any op on demand, timelines, and a clock that
// the test moves.
//
//     struct tune : ::testing::Test, object_test {
//         tune() : object_test("tune.bpf.o") { attach(); }
//     };
//     TEST_F(tune, answers_and_counts) {
//         tcp_sock& sk = socket({.state = TCP_SYN_SENT, .remote_ip = "10.1.2.3"});
//         EXPECT_THAT(fire(BPF_SOCK_OPS_TIMEOUT_INIT, sk), Replies(25));      // matchers.hpp
//         EXPECT_EQ(map("conns")[key]["packets"], 3);                         // map_view.hpp
//     }
//
// Several objects, each with its cgroup, as a machine has them:
//
//     struct both : ::testing::Test, object_test {
//         both() : object_test({{"tune.bpf.o", "/"}, {"web.bpf.o", "/web"}}) { attach(); }
//     };
//     TEST_F(both, get_along) {
//         tcp_sock& sk = socket({.state = TCP_SYN_SENT, .cgroup = "/web"});
//         EXPECT_THAT(fire(BPF_SOCK_OPS_TIMEOUT_INIT, sk), ReplySurvived("tune"));
//         EXPECT_EQ(map("web:conns")[key]["packets"], 3);                     // of map("conns"), if one has
//         it
//     }
//
// A test of a program that is compiled natively, too (cmake/native_program.cmake), runs by either form: what
// object_options::form says, or where nothing is said, the environment. SOCKOPS_NATIVE=1 ./tune_test runs by
// the machine's code, which a debugger, sanitizers and coverage see; 0 or without it, interpreted.
//
// Needs no GoogleTest itself; what goes wrong here (a name that the object has not) is an object_error in
// words. Link sockops::bpf_testing. One thread at a time.
//
// Context: the test's thread, outside of programs; not from a signal handler.
#pragma once

#include <iosfwd>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sockops/cgroup/link.hpp>
#include <sockops/cgroup/sock_life.hpp>
#include <sockops/kern/containers.hpp>
#include <sockops/object/bpf_object.hpp>
#include <sockops/object/bpf_pins.hpp>
#include <sockops/object/map_view.hpp>
#include <sockops/object/object_set.hpp>
#include <sockops/testing/fire.hpp>
#include <sockops/testing/play.hpp>
#include <sockops/testing/socket_fields.hpp>
#include <sockops/testing/virtual_clock.hpp>

namespace sockops::testing {

/// An object, and where it is attached.
struct placed_object {
	std::string file;
	std::string cgroup = "/";
	std::string name{};                 ///< "": the file's up to its first '.'; a second "tune" is "tune#2"
	std::optional<program_form> form{}; ///< nullopt: that of all
};

/// A timeline, and what the programs set and printed meanwhile, by side; and what they took from each other.
struct played_programs : played {
	struct played_spoil : sockops::spoiled {
		side who;
		u64 time_ns; ///< since the beginning
	};
	std::vector<played_spoil> spoiled;
	std::array<std::vector<option_call>, 2> options_set;
	std::array<std::vector<std::string>, 2> printk;
	std::vector<std::string> faults;     ///< why programs were stopped, with the line of C
	std::vector<std::string> findings{}; ///< what they did with bytes that nobody wrote, with the line of C
};

/// How a failing test prints it: faults and findings come first.
void PrintTo(const played_programs& what, std::ostream* out);

class object_test {
  public:
	/// The kernel's names are a test's own, so that they are these ones also where <linux/bpf.h> or
	/// <netinet/tcp.h> has made them global.
	using enum bpf_sock_ops_op;
	using enum bpf_sock_ops_cb_flag;
	using enum tcp_state;
	using tcp_sock = sockops::tcp_sock;
	using request_sock = sockops::request_sock;
	using sk_buff = sockops::sk_buff;

	/// Opens the file; attach() loads it. Throws object_error. `with`: CONFIG_HZ and the release
	/// are those of the profile, as in object_test("tune.bpf.o", profile_of(release(5, 15))), and the objects
	/// share what they pin by name, unless `with` has pins of its own. Programs are watched (by
	/// the default seed, unless `with` says otherwise): what they do with bytes that nobody wrote is in fired
	/// and played_programs. Natively it is the program that is linked under the file's name up to the first
	/// '.'.
	explicit object_test(const std::string& object_file, const net_profile& profile = {},
						 const object_options& with = {});
	/// Several, which attach() loads and attaches in this order.
	explicit object_test(const std::vector<placed_object>& objects, const net_profile& profile = {},
						 const object_options& with = {});
	object_test(const object_test&) = delete;
	object_test& operator=(const object_test&) = delete;
	~object_test();

	virtual_clock clock;    ///< what bpf_ktime_get_ns() reads
	net in;                 ///< of all sockets here; a timeline has its own
	const cgroup_root root; ///< play() has the client in "/client", the server in "/server"

	/// A variable: of .rodata before attach(), of .data and .bss at any time. Throws object_error. Names are
	/// those of object_set: "web:limit" where there are several objects, or "limit" if only one has it.
	[[nodiscard]] typed_value global(std::string_view name);
	/// An object by its name; "": the only one. Throws object_error.
	[[nodiscard]] bpf_object& object(std::string_view name = {}) { return objects_[name].object; }
	/// Attaches all programs, object by object, each to its object's cgroup. A cgroup is made if it is not
	/// there; the first time it loads the objects. Throws object_error, also where an attach is refused.
	void attach();
	/// A program ("tune", "web:tune"), or all of all objects, to this cgroup.
	void attach(std::string_view path, std::string_view program = {});

	/// A full socket, as the test's until it ends.
	tcp_sock& socket(const socket_fields& with = {});
	/// A listener's request, which a SYN has made; the test's until it ends.
	request_sock& request(tcp_sock& listener, const socket_fields& with = {});
	/// The child that a request becomes, in SYN_RECV; the test's until it ends.
	tcp_sock& child(const tcp_sock& listener, request_sock& of);
	/// A header with these options (padded), as received: fire_options::skb. The test's until it ends.
	sk_buff& segment(const std::vector<u8>& options = {}, u8 flags = TCPHDR_ACK);

	/// testing::fire(), with the faults of programs, and with what it spoiled of the calls before.
	fired fire(bpf_sock_ops_op op, sock_common& sk, const fire_options& with = {});
	/// testing::play() around the programs attached, from a timeline or its text.
	[[nodiscard]] played_programs play(const timeline& what);
	[[nodiscard]] played_programs play(std::string_view text) { return play(timeline::parse(text)); }

	// Of the objects, loaded. They throw object_error for names that these have not.

	/// A map by its name ("conns", "web:conns").
	[[nodiscard]] map_view map(std::string_view name) const;
	/// A program by its name ("tune", "web:tune"); without one, the only one.
	[[nodiscard]] bpf_prog_ptr prog(std::string_view name = {}) const;
	/// The records of a RINGBUF or PERF_EVENT_ARRAY, which are taken out, read as `type` ("struct event").
	[[nodiscard]] std::vector<typed_value> records(std::string_view map, std::string_view type = {}) const;
	/// What an SK_STORAGE map has for a socket. Throws object_error if it has nothing: has_storage() tells.
	[[nodiscard]] typed_value storage(std::string_view map, tcp_sock& sk) const;
	/// Has an SK_STORAGE map a value for this socket?
	[[nodiscard]] bool has_storage(std::string_view map, tcp_sock& sk) const;

  private:
	void load();
	program_namer namer();

	/// Lookups by name change nothing.
	bpf_pins pins_; ///< of this test's objects
	mutable object_set objects_;
	bool loaded_ = false;
	std::vector<bpf_link> links_;
	spoil_watch watch_;
	struct made_segment;
	std::list<std::unique_ptr<made_segment>> segments_;
	std::list<scoped_tcp_sock> sockets_;
	std::list<request_sock> requests_;
};

} // namespace sockops::testing
