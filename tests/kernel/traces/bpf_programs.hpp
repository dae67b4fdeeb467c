// SPDX-License-Identifier: MIT
// The BPF programs of a traced run: the one that writes calls down, and the one that loses packets.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../bpf_calls.hpp"
#include "call.hpp"
#include "drop_rules.h"
#include "trace_record.h"

struct bpf_map;
struct bpf_object;
struct ring_buffer;

namespace traces {

struct close_object {
	void operator()(bpf_object* object) const noexcept;
};
struct free_ring {
	void operator()(ring_buffer* ring) const noexcept;
};

/// The only element of a map, in memory that the programs share.
template <class Value>
class shared_value {
  public:
	shared_value() = default;
	~shared_value();
	shared_value(const shared_value&) = delete;
	shared_value& operator=(const shared_value&) = delete;

	/// false: the map cannot be shared; errno says why.
	bool share(const bpf_map* map);
	Value* operator->() const noexcept { return value_; }
	Value& operator*() const noexcept { return *value_; }

  private:
	Value* value_ = nullptr;
};

/// trace.bpf.c or stamp.bpf.c, attached to two cgroups.
class tracer {
  public:
	/// `stamps`: stamp.bpf.c
	explicit tracer(bool stamps);
	~tracer();

	/// What went wrong, in words; "" if nothing.
	[[nodiscard]] const std::string& error() const noexcept { return error_; }
	/// false: errno says why.
	bool attach(int client_cgroup, int server_cgroup);
	[[nodiscard]] trace_control& control() noexcept { return *control_; }
	/// What was written down since the last call of this.
	std::vector<trace_record> take();

  private:
	std::string load(bool stamps);

	std::string error_;
	std::unique_ptr<bpf_object, close_object> object_;
	shared_value<trace_control> control_;
	std::unique_ptr<ring_buffer, free_ring> ring_;
	std::vector<trace_record> taken_;
	std::vector<std::pair<int, int>> attached_; ///< cgroup, program
	int programs_[trace_sides] = {-1, -1};
};

/// drop.bpf.c, once loaded; it is then attached to `lo` of as many network namespaces as wanted.
class dropper {
  public:
	dropper();

	[[nodiscard]] const std::string& error() const noexcept { return error_; }
	/// To `lo` of the thread's network namespace. "" or what went wrong.
	std::string attach();
	[[nodiscard]] drop_rules& rules() noexcept { return *rules_; }

  private:
	std::string load();

	std::string error_;
	std::unique_ptr<bpf_object, close_object> object_;
	shared_value<drop_rules> rules_;
};

} // namespace traces
