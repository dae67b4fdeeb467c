// SPDX-License-Identifier: MIT
// Words of a value that stand for others: "client.cookie", what `let` has named, 10.1.2.3, htonl(80).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sockops/net/sock.hpp>
#include <sockops/testing/timeline.hpp>
#include <sockops/trace/trace.hpp>

namespace sockops::testing::text {

struct amount;

/// A word has no meaning (yet); what() says why.
struct unknown_word : std::runtime_error {
	using std::runtime_error::runtime_error;
};

/// It has a meaning, and none yet: of a socket that is not there yet, or whose cookie nobody has asked for.
struct not_there_yet : unknown_word {
	using unknown_word::unknown_word;
};

/// The sockets of a timeline by their names, and what is known of each.
class names {
  public:
	/// A call of a full socket of a side: the client's, the server's (accepted) or a listener.
	void saw(side who, const trace_call& call);
	/// A socket that ops are fired on.
	void made(const std::string& name, const sock_common& sk);
	void forget(const sock_common& sk);
	void let(const std::string& name, std::string value) { values_[name] = std::move(value); }

	/// A socket that will be made, to fire ops on.
	void declare(const std::string& name) { declared_.insert(name); }
	/// From here on nothing is looked up: a word that has no meaning is refused, and one whose value will be
	/// known later becomes `_`.
	void only_check() noexcept { only_checks_ = true; }

	/// The text with all of them put in place. Throws unknown_word.
	[[nodiscard]] std::string resolved(std::string_view text) const;
	/// As a number; nullopt: any. Throws unknown_word.
	[[nodiscard]] std::optional<s64> number(const amount& of) const;

	/// The socket of a name; nullptr: it is closed and gone, or was never there.
	[[nodiscard]] sock* socket(std::string_view name) const;
	/// Is it one's name? Of the sides, also before there is one.
	[[nodiscard]] bool is_socket(std::string_view name) const;
	/// The name of a socket; "another socket" for one that has none.
	[[nodiscard]] std::string name_of(const sock_common& sk) const;

  private:
	struct facts {
		const sock_common* sk = nullptr; ///< nullptr: it is gone
		u64 cookie = 0;                  ///< 0: nobody has asked for it
		u16 family = 0, port = 0, remote_port = 0;
		in6_words ip{}, remote_ip{}; ///< of IPv4 the last word
	};
	static void look(facts& at, const sock_common& sk);
	std::string member(std::string_view socket, std::string_view of) const;
	std::string word(std::string_view whole, std::size_t& at) const;
	std::string identifier(std::string_view word, std::string_view behind) const;

	std::map<std::string, facts, std::less<>> sockets_;
	std::map<std::string, std::string, std::less<>> values_;
	std::set<std::string, std::less<>> declared_;
	bool only_checks_ = false;
};

/// "12", "-3", "0x1f" as a number; nullopt: it is none.
[[nodiscard]] std::optional<s64> number_in(std::string_view word) noexcept;

} // namespace sockops::testing::text
