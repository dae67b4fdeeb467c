// SPDX-License-Identifier: MIT
// What programs of a net say, kept instead of printed: their lines, why they were stopped, and what was found
// of those that are watched.
//
//     testing::program_output said(in);         // from here on
//     … said.lines.back() … said.faults … said.findings …
//
// Context: told on the thread that dispatches: programs of one thread alone.
#pragma once

#include <string>
#include <vector>

#include <sockops/bpf/bpf_fault.hpp>
#include <sockops/bpf/bpf_finding.hpp>
#include <sockops/kern/containers.hpp>
#include <sockops/net/observer.hpp>

namespace sockops::testing {

/// For programs of one thread.
class program_output final : public net_observer {
  public:
	explicit program_output(net& in) : watching_(in, *this) {}

	std::vector<std::string> lines;    ///< of bpf_trace_printk(), as they were written
	std::vector<std::string> faults;   ///< bpf_fault::message
	std::vector<std::string> findings; ///< bpf_finding::message

	bool printk(const char* text) override {
		lines.emplace_back(text);
		return true;
	}
	bool fault(const bpf_fault& what) override {
		faults.push_back(what.message);
		return true;
	}
	bool finding(const bpf_finding& what) override {
		findings.push_back(what.message);
		return true;
	}

  private:
	const net_watch watching_;
};

} // namespace sockops::testing
