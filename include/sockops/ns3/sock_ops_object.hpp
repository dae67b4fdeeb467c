// SPDX-License-Identifier: MIT
// An object file of eBPF, attached to a cgroup of a simulation:
//
//     const auto tune = hook.AttachObject("/fleet", "tune.bpf.o", {{"limit", 8}});
//     tune->TraceConnectWithoutContext("Record", MakeCallback(&OnRecord)); // takes a const SockOpsRecord&
//     Simulator::Run();
//     tune->GetMap("conns").size();
//     tune->Global("seen").as<uint64_t>();
//
// What is refused ends the script with the whole message: the program, the rule, the line of C, the way
// there, the remedy. It comes with sockops::ns3 where there is sockops::bpf, which then is linked too.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/ns3/ns3_releases.hpp>

#ifndef SOCKOPS_NS3_WITH_OBJECTS
#error                                                                                                       \
	"object files in ns-3 need sockops::bpf: CMake's target sockops::ns3 has it where libbpf-dev, libelf-dev and zlib1g-dev are installed; without CMake define SOCKOPS_NS3_WITH_OBJECTS and link libsockops_bpf"
#include <sockops/ns3/nothing_without_objects>
#endif

#include <algorithm>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <ns3/abort.h>
#include <ns3/nstime.h>
#include <ns3/object.h>
#include <ns3/trace-source-accessor.h>
#include <ns3/traced-callback.h>

#include <sockops/map/perf_event_array.hpp>
#include <sockops/map/ring_buffer.hpp>
#include <sockops/ns3/sock_ops_global.hpp>
#include <sockops/ns3/sock_ops_helper.hpp>
#include <sockops/ns3/sock_ops_report.hpp>
#include <sockops/object/bpf_pins.hpp>
#include <sockops/object/object_set.hpp>

namespace ns3 {

/// What a program has written to a RINGBUF or a PERF_EVENT_ARRAY.
struct SockOpsRecord {
	Time time;                    ///< of the call in which it did
	std::string map;              ///< its name
	sockops::typed_value value;   ///< bytes(); of the type that SetRecordType() names: value["port"]
	Ptr<SockOpsTcpSocket> socket; ///< that the call was for
};

/// What the objects of one space share: what they pin by name, and their names.
struct SockOpsObjects {
	sockops::bpf_pins pins;
	sockops::object_set objects;
	std::set<uint32_t>
		readMaps; ///< ids of the maps whose records are read: once, where several objects have one
};

/// Calls `what` and returns what that does; ends the script with the words of what it throws.
template <class What>
decltype(auto) SockOpsOrAbort(const std::string& where, What what) {
	try {
		return what();
	} catch (const sockops::object_error& wrong) {
		std::string notices;
		for (const sockops::object_notice& each : wrong.notices)
			notices += "\nnote: " + each.text;
		NS_ABORT_MSG(where << ": " << wrong.what() << notices);
	}
}

class SockOpsObject : public Object {
  public:
	/// Trace sources: Record (each record, when the call in which it was written is over) and Printk (each
	/// line of bpf_printk(), which else goes to stderr). What changes sockets or the simulation is to be
	/// scheduled from there.
	static TypeId GetTypeId() {
		static TypeId tid = TypeId("ns3::SockOpsObject")
								.SetParent<Object>()
								.SetGroupName("Internet")
								.AddTraceSource("Record", "A record of a RINGBUF or a PERF_EVENT_ARRAY",
												MakeTraceSourceAccessor(&SockOpsObject::m_record),
												"ns3::SockOpsObject::RecordTracedCallback")
								.AddTraceSource("Printk", "A line of bpf_printk()",
												MakeTraceSourceAccessor(&SockOpsObject::m_printk),
												"ns3::SockOpsObject::PrintkTracedCallback");
		return tid;
	}
	typedef void (*RecordTracedCallback)(const SockOpsRecord& record);
	typedef void (*PrintkTracedCallback)(const std::string& line);

	/// "tune", of tune.bpf.o; of a second one "tune#2".
	const std::string& GetName() const { return m_member->name; }
	/// The cgroup's.
	const std::string& GetPath() const { return m_member->cgroup; }
	/// A map by its name, at any time: typed by what the object says of it.
	sockops::map_view GetMap(const std::string& name) const {
		return SockOpsOrAbort(Where(), [&] { return m_member->object.map(name); });
	}
	/// A variable by its name, at any time; those of .rodata can only be read now.
	sockops::typed_value Global(const std::string& name) const {
		return SockOpsOrAbort(Where(), [&] { return m_member->object.global(name); });
	}
	/// For all else that an object has.
	sockops::bpf_object& GetBpfObject() const { return m_member->object; }

	/// Records of the map are of this type of the object's, "struct event", from here on; without it they are
	/// bytes.
	void SetRecordType(const std::string& map, const std::string& type);
	/// Records for which there was no room.
	uint64_t GetLostRecords() const;
	/// Takes its programs off; maps and variables stay.
	void Detach() { m_links.clear(); }

	/// As SockOpsHelper::AttachObject() does it. The programs of `only`; empty: all.
	void Attach(std::shared_ptr<SockOpsObjects> all, sockops::bpf_object object, const std::string& path,
				sockops::cgroup& cgroup, const SockOpsGlobals& globals, const std::vector<std::string>& only);
	/// A call is over: hands on what was written in it.
	void Called(const sockops::trace_call& call, SockOpsReport& report);
	/// A line of the program that is running: false, if it is none of this object's, or nobody listens.
	bool Print(const char* text);

  private:
	struct Source {
		sockops::map_view view;
		std::string type;
		uint64_t lost = 0;

		uint64_t Lost() const;
		bool MayHaveRecords() const;
	};

	std::string Where() const { return "SockOpsObject: " + GetName() + " of " + GetPath(); }
	void FindRecords();
	void Deliver();

	std::shared_ptr<SockOpsObjects> m_all;
	sockops::object_set::member* m_member = nullptr; ///< one of m_all
	std::vector<sockops::bpf_prog_ptr> m_programs;
	std::vector<sockops::bpf_link> m_links;
	std::vector<Source> m_sources;
	std::deque<SockOpsRecord> m_pending;
	bool m_delivering = false;
	TracedCallback<const SockOpsRecord&> m_record;
	TracedCallback<const std::string&> m_printk;
};

/// Tells an object what happens, and keeps it as long as the space lives: sockets may go on when the helper
/// is gone.
struct SockOpsObjectObserver final : sockops::net_observer {
	SockOpsObjectObserver(Ptr<SockOpsObject> told, SockOpsReport& to) : object(told), report(to) {}
	void called(const sockops::trace_call& call) override { object->Called(call, report); }
	bool printk(const char* text) override { return object->Print(text); }

	Ptr<SockOpsObject> object;
	SockOpsReport& report;
};

inline void SockOpsObject::Attach(std::shared_ptr<SockOpsObjects> all, sockops::bpf_object object,
								  const std::string& path, sockops::cgroup& cgroup,
								  const SockOpsGlobals& globals, const std::vector<std::string>& only) {
	m_all = std::move(all);
	for (const SockOpsGlobal& each : globals)
		object.global(each.name).set_text(each.text);
	object.load();
	m_member = &m_all->objects.add(std::move(object), path);
	m_member->progs = only;
	for (const sockops::object_notice& each : m_member->object.notices())
		if (each.kind != sockops::notice_kind::program_not_chosen)
			SockOpsLog(LOG_WARN, [&] { return Where() + ": note: " + each.text; });
	FindRecords();
	for (const std::string& name : m_member->object.prog_names())
		m_programs.push_back(m_member->object.prog(name));
	m_links = sockops::object_set::attach(*m_member, only, cgroup);
}

/// Of a PERF_EVENT_ARRAY this thread's buffer is opened: all programs run on it.
inline void SockOpsObject::FindRecords() {
	constexpr std::size_t bufferBytes = 1 << 16;
	for (const std::string& name : m_member->object.map_names()) {
		sockops::map_view view = m_member->object.map(name);
		if (view.map().holds() != sockops::map_holds::records ||
			!m_all->readMaps.insert(view.map().id).second)
			continue;
		if (view.map().attr.map_type == sockops::BPF_MAP_TYPE_PERF_EVENT_ARRAY) {
			auto& map = static_cast<sockops::perf_event_array_map&>(view.map());
			const uint32_t cpu = sockops::smp_processor_id();
			const int error = map.open(cpu, bufferBytes);
			NS_ABORT_MSG_IF(error != 0, Where() << ": map '" << name << "': no buffer for CPU " << cpu
												<< " of its " << map.attr.max_entries << ": "
												<< sockops::errno_text(error));
		}
		m_sources.push_back({std::move(view), ""});
	}
}

inline void SockOpsObject::SetRecordType(const std::string& map, const std::string& type) {
	const sockops::map_view view = GetMap(map);
	for (Source& each : m_sources)
		if (each.view.map().id == view.map().id) {
			SockOpsOrAbort(Where(),
						   [&] { return view.records(type); }); // a type that is not there is told now
			each.type = type;
			return;
		}
	NS_ABORT_MSG(
		Where() << ": map '" << map << "' is a " << sockops::bpf_map_type_name(view.map().attr.map_type)
				<< " or another object's, and its records are not read here: those of a RINGBUF or a "
				   "PERF_EVENT_ARRAY are, by the first object that has it");
}

inline uint64_t SockOpsObject::Source::Lost() const {
	if (view.map().attr.map_type == sockops::BPF_MAP_TYPE_PERF_EVENT_ARRAY)
		return static_cast<sockops::perf_event_array_map&>(view.map()).lost(sockops::smp_processor_id());
	return static_cast<sockops::ring_buffer_map&>(view.map()).lost();
}

/// Reading a ring that is empty costs a system call.
inline bool SockOpsObject::Source::MayHaveRecords() const {
	return view.map().attr.map_type != sockops::BPF_MAP_TYPE_RINGBUF ||
		   static_cast<sockops::ring_buffer_map&>(view.map()).query(sockops::BPF_RB_AVAIL_DATA) != 0;
}

inline uint64_t SockOpsObject::GetLostRecords() const {
	uint64_t lost = 0;
	for (const Source& each : m_sources)
		lost += each.Lost();
	return lost;
}

inline void SockOpsObject::Called(const sockops::trace_call& call, SockOpsReport& report) {
	if (call.steps.empty())
		return;
	for (Source& each : m_sources) {
		if (each.MayHaveRecords())
			for (sockops::typed_value& value :
				 SockOpsOrAbort(Where(), [&] { return each.view.records(each.type); }))
				m_pending.push_back(
					{Simulator::Now(), each.view.name(), std::move(value), SockOpsTcpSocket::Of(call.sk)});
		if (const uint64_t now = each.Lost(); now != each.lost) {
			report.RecordsLost(each.view.name(), now - each.lost, call.sk);
			each.lost = now;
		}
	}
	Deliver();
}

/// In the order in which they were written, also where who is told causes another call.
inline void SockOpsObject::Deliver() {
	if (std::exchange(m_delivering, true))
		return;
	while (!m_pending.empty()) {
		const SockOpsRecord record = std::move(m_pending.front());
		m_pending.pop_front();
		m_record(record);
	}
	m_delivering = false;
}

inline bool SockOpsObject::Print(const char* text) {
	const sockops::bpf_prog* const running = sockops::program_traced_now();
	const bool mine = std::any_of(m_programs.begin(), m_programs.end(),
								  [&](const sockops::bpf_prog_ptr& each) { return each.get() == running; });
	if (!mine || m_printk.IsEmpty())
		return false;
	std::string line = text;
	if (!line.empty() && line.back() == '\n')
		line.pop_back();
	m_printk(line);
	return true;
}

inline Ptr<SockOpsObject> SockOpsHelper::AttachObject(const std::string& path, const std::string& file,
													  const SockOpsGlobals& globals,
													  sockops::object_options with) {
	with.hz = GetNet().profile.hz;
	with.kernel = GetNet().profile.kernel;
	if (!with.pins)
		with.pins = &Objects().pins;
	const std::vector<std::string> only = with.programs;
	return AttachOpened(
		path, file, [&] { return sockops::bpf_object::open_file(file, with); }, globals, only);
}

inline Ptr<SockOpsObject> SockOpsHelper::AttachObject(const std::string& path, sockops::bpf_object object,
													  const SockOpsGlobals& globals) {
	const std::string name = object.name();
	return AttachOpened(path, name, [&] { return std::move(object); }, globals, {});
}

inline SockOpsObjects& SockOpsHelper::Objects() {
	if (!m_objects) {
		m_objects = std::make_shared<SockOpsObjects>();
		m_report->SetNames(
			[all = m_objects](const sockops::bpf_prog& prog) { return all->objects.name_of(prog); });
	}
	return *m_objects;
}

template <class Open>
Ptr<SockOpsObject> SockOpsHelper::AttachOpened(const std::string& path, const std::string& name, Open open,
											   const SockOpsGlobals& globals,
											   const std::vector<std::string>& only) {
	(void)Objects();
	sockops::cgroup& cgroup = m_space->GetCgroup(path);
	const auto object = CreateObject<SockOpsObject>();
	SockOpsOrAbort("SockOpsHelper: '" + name + "' cannot be attached to " + path,
				   [&] { object->Attach(m_objects, open(), path, cgroup, globals, only); });
	m_space->Watch<SockOpsObjectObserver>(object, *m_report);
	return object;
}

} // namespace ns3
