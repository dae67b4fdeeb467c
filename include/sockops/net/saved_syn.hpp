// SPDX-License-Identifier: MIT
// struct saved_syn: the headers of a SYN, kept for TCP_SAVED_SYN and TCP_BPF_SYN*. A listener with
// TCP_SAVE_SYN has its requests keep them; the child takes them over.
//
// Context: whoever owns the socket or request, on any thread; never waits. record() takes memory: not in a
// signal handler.
#pragma once

#include <memory>
#include <utility>

#include <sockops/net/sk_buff.hpp>

namespace sockops {

struct saved_syn {
	u32 mac_hdrlen;     ///< bytes; 0: not saved (TCP_SAVE_SYN 1)
	u32 network_hdrlen; ///< bytes
	u32 tcp_hdrlen;     ///< bytes, options included
	std::unique_ptr<u8[]> data;

	/// All three headers, bytes.
	u32 total() const noexcept { return mac_hdrlen + network_hdrlen + tcp_hdrlen; }
};

/// Owns a saved SYN. Moving hands it on (tcp_move_syn); a copy is empty, as a copied socket is data
/// to look at and owns nothing.
class saved_syn_ptr {
  public:
	saved_syn_ptr() = default;
	saved_syn_ptr(const saved_syn_ptr&) noexcept {}
	saved_syn_ptr(saved_syn_ptr&&) = default;
	saved_syn_ptr& operator=(const saved_syn_ptr& other) noexcept {
		if (this != &other)
			held_.reset();
		return *this;
	}
	saved_syn_ptr& operator=(saved_syn_ptr&&) = default;

	/// nullptr: none is kept.
	const saved_syn* get() const noexcept { return held_.get(); }
	const saved_syn* operator->() const noexcept { return held_.get(); }
	explicit operator bool() const noexcept { return held_ != nullptr; }
	/// Frees it; nothing is kept then.
	void reset() noexcept { held_.reset(); }

	/// tcp_reqsk_record_syn(): keeps the headers of `syn`, its link header too if `with_mac`
	/// (TCP_SAVE_SYN 2). Without memory nothing is kept, as in the kernel.
	void record(const sk_buff& syn, bool with_mac) noexcept;

  private:
	std::unique_ptr<saved_syn> held_;
};

} // namespace sockops
