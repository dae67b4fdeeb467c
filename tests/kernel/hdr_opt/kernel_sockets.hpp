// SPDX-License-Identifier: MIT
// Two sockets of this machine's kernel, connected over loopback in a cgroup and a network namespace of
// their own, with the program of hdr_opt.bpf.c attached.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "../cgroup_folder.hpp"
#include "hdr_opt_layout.h"
#include "run.hpp"

struct bpf_object;

namespace hdr_opt {

class kernel_sockets {
  public:
	/// Moves the calling thread to a network namespace of its own, for good.
	kernel_sockets();
	~kernel_sockets();

	/// Why the kernel cannot be asked; "" if it can.
	[[nodiscard]] const std::string& unusable() const noexcept { return unusable_; }

	[[nodiscard]] std::span<hdr_opt_slot> slots() const noexcept { return {slots_, hdr_opt_slots}; }
	/// Forgets what was asked for and answered.
	void clear() noexcept;

	// Each of these tells whether it could be done.

	bool set_timestamps(bool on);
	/// A new connection: all its ops up to both sides' ESTABLISHED_CB have fired.
	bool connect(bool save_syn);
	/// 100 bytes from the connecting to the listening side, and 1 byte back.
	bool send_data();
	/// Makes a segment without data that the listening side accepts, with these options.
	/// Before it, one data segment must have been parsed there.
	bool send_crafted(const byte_list& options);
	/// The header of the last data segment, as the listening side's PARSE_HDR_OPT_CB saw it.
	void learn_sequence(const hdr_opt_slot& parsed) noexcept;

  private:
	bool load();
	template <class T>
	T* map(const char* name, std::size_t bytes);

	std::string unusable_;
	kernel_diff::cgroup_folder folder_;
	std::unique_ptr<bpf_object, void (*)(bpf_object*)> object_;
	hdr_opt_slot* slots_ = nullptr;
	hdr_opt_config* config_ = nullptr;
	kernel_diff::owned_fd raw_, listener_, client_, server_;
	byte_list last_header_;
};

} // namespace hdr_opt
