// SPDX-License-Identifier: MIT
// Where ns-3's releases differ as far as the adapter meets it, from 3.37 on: told by what their headers have,
// never by a version number, and told here alone. tests/ns3/scripts/check_headers.sh tries a folder of
// headers.
//
//   before 3.41   singleton.h and four more are no C++20 for g++: see below
//   from 3.39     no InternetStackHelper::SetTcp(): SockOpsSetsTcp
//   from 3.43     ProcessAck() has a fifth parameter: SockOpsAckPoint
//   from 3.45     an object says its type by itself: SockOpsTyped
//
// Before 3.41 this comes before ns-3's own headers, in each source file. ns3.hpp does that; a further source
// file that includes <ns3/core-module.h> needs <sockops/ns3/core_module_in_cxx20.hpp> before it.
//
// Context: compile time.
#pragma once

#include <sockops/kern/cxx20.hpp>

// Headers that core-module.h includes declare constructors as Singleton<T>(), which g++ no longer takes in
// C++20 (clang++ does). Scripts rarely use what they declare (Singleton, SimulationSingleton, DesMetrics, and
// since 3.38 ValArray and MatrixArray); here they are taken as included already. A script that does use them
// gets an unknown name in place of an error inside ns-3. The release that mended them brought
// uniform-random-bit-generator.h.
#if defined(__GNUC__) && !defined(__clang__) && !__has_include(<ns3/uniform-random-bit-generator.h>)
#if defined(SINGLETON_H) || defined(SIMULATION_SINGLETON_H) || defined(DESMETRICS_H) || defined(VAL_ARRAY_H)
#error                                                                                                       \
	"include <sockops/ns3/ns3.hpp> before ns-3's own headers: those of this ns-3, older than 3.41, are no C++20 without it"
// A file that is missing ends the compilation; an #error alone does not.
#include <sockops/ns3/nothing_else_is_read_in_this_order>
#endif
#define SINGLETON_H
#define SIMULATION_SINGLETON_H
#define DESMETRICS_H
#define VAL_ARRAY_H
#define MATRIX_ARRAY_H
#endif

#include <type_traits>

#include <ns3/internet-stack-helper.h>
#include <ns3/object.h>
#include <ns3/tcp-socket-base.h>

namespace ns3 {

/// Has InternetStackHelper a word for which TCP it installs? Else a TCP that a node has already stays.
template <class Stack>
concept SockOpsSetsTcp = requires(Stack& stack) {
	stack.SetTcp("");
};

/// Does this class of ns-3's say its type by a virtual function, which a class derived from it overrides?
template <class Base>
inline constexpr bool SockOpsSaysItsType =
	!std::is_same_v<decltype(&Base::GetInstanceTypeId), TypeId (Object::*)() const>;

/// `Base`, whose type is the one that CreateObject() and CopyObject() gave it: what newer releases do by
/// themselves.
template <class Base, bool = SockOpsSaysItsType<Base>>
class SockOpsTyped : public Base {
  public:
	using Base::Base;
};
template <class Base>
class SockOpsTyped<Base, true> : public Base {
  public:
	using Base::Base;
	TypeId GetInstanceTypeId() const override { return Object::GetInstanceTypeId(); }
};

/// TcpSocketBase with a point after an ACK, whatever parameters ProcessAck() has.
template <class Base, class Signature>
class SockOpsAckPoint;
template <class Base, class Owner, class... Args>
class SockOpsAckPoint<Base, void (Owner::*)(Args...)> : public Base {
  protected:
	/// An ACK has been worked on.
	virtual void AckProcessed() {}

	void ProcessAck(Args... args) final {
		Base::ProcessAck(args...);
		AckProcessed();
	}
};

/// What is protected in TcpSocketBase, as types.
class SockOpsSeen : public TcpSocketBase {
  public:
	using ProcessAckType = decltype(&SockOpsSeen::ProcessAck);
};

/// ns-3's socket, the same in all releases.
using SockOpsAnySocket = SockOpsAckPoint<SockOpsTyped<TcpSocketBase>, SockOpsSeen::ProcessAckType>;

} // namespace ns3
