// SPDX-License-Identifier: MIT
// Where the lines of a trace go: a file of its own, or a stream that a script shares with ns-3's ascii
// traces. It is complete and closed when the simulator is destroyed, or before, when who writes it goes.
// Where a simulation ends in an error, ns-3 flushes what was written until then.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/ns3_releases.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <string>

#include <ns3/abort.h>
#include <ns3/fatal-impl.h>
#include <ns3/output-stream-wrapper.h>
#include <ns3/simple-ref-count.h>
#include <ns3/simulator.h>

namespace ns3 {

class SockOpsOutput : public SimpleRefCount<SockOpsOutput> {
  public:
	/// A file, begun anew. Aborts where it cannot be written, and where another trace is writing it.
	explicit SockOpsOutput(const std::string& name) : m_name(name) {
		NS_ABORT_MSG_IF(
			!Open().insert(name).second,
			"SockOpsHelper: " << name << " is being written by another trace: give this one another prefix");
		m_file.open(name, std::ios::trunc);
		NS_ABORT_MSG_IF(!m_file, "SockOpsHelper: " << name << " cannot be written: " << std::strerror(errno)
												   << "; is its folder there, and yours?");
		FatalImpl::RegisterStream(&m_file);
		CloseAtDestroy();
	}
	/// A stream, which the script may use for other traces too.
	explicit SockOpsOutput(Ptr<OutputStreamWrapper> shared) : m_shared(shared) { CloseAtDestroy(); }
	~SockOpsOutput() { Close(); }
	SockOpsOutput(const SockOpsOutput&) = delete;
	SockOpsOutput& operator=(const SockOpsOutput&) = delete;

	/// Whole lines. What comes after Close() goes nowhere.
	void Write(const std::string& lines) {
		if (m_shared)
			*m_shared->GetStream() << lines;
		else if (m_file.is_open())
			m_file << lines;
	}

	/// Aborts if the file is not complete.
	void Close() {
		m_shared = nullptr;
		if (!m_file.is_open())
			return;
		FatalImpl::UnregisterStream(&m_file);
		m_file.close();
		Open().erase(m_name);
		NS_ABORT_MSG_IF(!m_file, "SockOpsHelper: " << m_name << " is not complete: " << std::strerror(errno));
	}

  private:
	/// The files that are being written.
	static std::set<std::string>& Open() {
		static std::set<std::string> names;
		return names;
	}
	void CloseAtDestroy() { Simulator::ScheduleDestroy(&SockOpsOutput::Close, Ptr<SockOpsOutput>(this)); }

	std::string m_name;
	std::ofstream m_file;
	Ptr<OutputStreamWrapper> m_shared; ///< null: the file
};

} // namespace ns3
