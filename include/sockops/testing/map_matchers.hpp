// SPDX-License-Identifier: MIT
// GoogleMock matchers for maps of an object.
//
//     EXPECT_THAT(map("peers"), HoldsSocket(sk));            // at any key
//     EXPECT_THAT(map("peers"), HoldsSocket(80u, sk));       // at this one
//
// Needs GoogleMock, which the library does not.
//
// Context: the test's thread, outside of programs; not from a signal handler.
#pragma once

#include <functional>
#include <ostream>
#include <string>

#include <gmock/gmock.h>

#include <sockops/net/sock.hpp>
#include <sockops/object/map_view.hpp>

namespace sockops {

/// How a failing test prints a map.
inline void PrintTo(const map_view& map, std::ostream* out) { *out << "map '" << map.name() << "'"; }

namespace testing {

namespace detail {

/// A SOCKMAP or SOCKHASH that has a socket among its entries.
class holds_socket {
  public:
	using is_gtest_matcher = void;
	holds_socket(const sock& sk, std::function<bool(const map_view&)> at, std::string where)
		: sk_(&sk), at_(std::move(at)), where_(std::move(where)) {}

	bool MatchAndExplain(const map_view& map, std::ostream* out) const {
		if (at_(map))
			return true;
		if (out) {
			const auto all = map.sockets();
			*out << "which holds " << (all.empty() ? "no socket" : "sockets at");
			for (const auto& [key, sk] : all)
				*out << ' ' << key.text() << (sk == sk_ ? " (this one)" : "");
		}
		return false;
	}
	void DescribeTo(std::ostream* out) const { *out << "holds the socket" << where_; }
	void DescribeNegationTo(std::ostream* out) const { *out << "does not hold the socket" << where_; }

  private:
	const sock* sk_;
	std::function<bool(const map_view&)> at_;
	std::string where_;
};

} // namespace detail

/// At whichever key.
inline detail::holds_socket HoldsSocket(const sock& sk) {
	return {sk,
			[&sk](const map_view& map) {
				for (const auto& [key, each] : map.sockets())
					if (each == &sk)
						return true;
				return false;
			},
			""};
}
template <class Key>
detail::holds_socket HoldsSocket(const Key& key, const sock& sk) {
	return {sk, [key, &sk](const map_view& map) { return map.socket(key) == &sk; }, " at this key"};
}

} // namespace testing
} // namespace sockops
