// SPDX-License-Identifier: MIT
// Programs that call one helper, with arguments that are right or one of which is not: the same for the
// machine's kernel and for this library.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sockops/map/bpf_map.hpp>
#include <sockops/vm/insn.hpp>

#include "../../src/helper/call_prototype.hpp"
#include "../kernel/bpf_calls.hpp"

namespace call_test {

using namespace sockops;
using argument_kind = helper::argument_kind;

/// One map in both worlds.
struct map_pair {
	bpf_map_ptr here;
	kernel_diff::owned_fd kernel;
};

/// One of each type that helpers take, by type; and a frozen one of constants.
class both_maps {
  public:
	/// failure() says why one could not be made.
	both_maps();
	[[nodiscard]] const std::string& failure() const noexcept { return failure_; }

	/// Its index among all(); nullopt: there is none of the type.
	[[nodiscard]] std::optional<u32> of_type(u32 type) const;
	[[nodiscard]] u32 constants() const noexcept { return static_cast<u32>(all_.size()) - 1; }
	[[nodiscard]] const std::vector<map_pair>& all() const noexcept { return all_; }

  private:
	void make(bpf_map_type type, u32 key_size, u32 value_size, u32 max_entries, u32 flags = 0);

	std::vector<map_pair> all_;
	std::string failure_;
};

/// What an argument can be in place of what it should be.
enum class wrong : u8 {
	unset,
	null,
	number,
	context,
	context_moved,
	stack_top,
	stack_end,
	map,
	other_map,
	variable,
	variable_end,
	socket,
	count
};
const char* name_of(wrong what) noexcept;

struct made_call {
	std::vector<bpf_insn> here;
	std::vector<kernel_diff::abi::insn> kernel;
};

/// A call of the helper; `argument` (from 0 on) is `given` in place of what it should be. nullopt: not every
/// argument of this helper can be made, or its maps in both worlds.
std::optional<made_call> make_call(const helper::call_prototype& called, u32 id, const both_maps& maps,
								   std::optional<std::pair<u32, wrong>> instead = std::nullopt);

} // namespace call_test
