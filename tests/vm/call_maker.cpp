// SPDX-License-Identifier: MIT
#include "call_maker.hpp"

#include <sockops/bpf/bpf_sock_ops_fields.hpp>

#include "../helper_number.hpp"

namespace call_test {

namespace {

using kernel_diff::abi::insn;

constexpr u8 r0 = 0, r1 = 1, saved_ctx = 6, saved_sk = 7, frame = 10;
constexpr s32 get_prandom_u32 = helper_number("bpf_get_prandom_u32"),
			  ringbuf_submit = helper_number("bpf_ringbuf_submit");

/// Writes the same instructions twice; only maps have other names.
class writer {
  public:
	explicit writer(const both_maps& maps) : maps_(maps) {}

	void add(u8 code, u8 dst, u8 src, s16 off, s32 imm) {
		made_.here.push_back({code, static_cast<u8>(dst & 15), static_cast<u8>(src & 15), off, imm});
		made_.kernel.push_back({code, static_cast<u8>(dst & 15), static_cast<u8>(src & 15), off, imm});
	}
	void mov(u8 to, u8 from) { add(0xbf, to, from, 0, 0); }
	void set(u8 to, s32 number) { add(0xb7, to, 0, 0, number); }
	void stack(u8 to, s32 offset) {
		mov(to, frame);
		add(0x07, to, 0, 0, offset);
	}
	void call(s32 id) { add(0x85, 0, 0, 0, id); }
	void map(u8 to, u32 index) { load_map(to, index, ld_imm64::map_idx, ld_imm64::map_fd, 0); }
	void variable(u8 to, u32 index, s32 offset) {
		load_map(to, index, ld_imm64::map_idx_value, ld_imm64::map_value, offset);
	}
	made_call take() { return std::move(made_); }

  private:
	void load_map(u8 to, u32 index, u8 here, u8 kernel, s32 offset) {
		add(ld_imm64::code, to, here, 0, static_cast<s32>(index));
		made_.kernel.back().src = kernel & 15;
		made_.kernel.back().imm = maps_.all()[index].kernel.get();
		add(0, 0, 0, 0, offset);
	}

	const both_maps& maps_;
	made_call made_;
};

class call_writer {
  public:
	call_writer(const helper::call_prototype& called, const both_maps& maps)
		: called_(called), maps_(maps), out_(maps) {}

	/// The context and a socket are kept, 64 bytes of the stack written, and r1 to r5 forgotten.
	void begin() {
		out_.mov(saved_ctx, r1);
		out_.add(0x79, saved_sk, saved_ctx, static_cast<s16>(find_ctx_field("sk").offset), 0);
		out_.add(0x55, saved_sk, 0, 2, 0);
		end();
		for (s32 at = -64; at != 0; at += 8)
			out_.add(0x7a, frame, 0, static_cast<s16>(at), 0);
		out_.call(get_prandom_u32);
	}
	bool right(u32 argument) {
		const argument_kind& kind = called_.arguments[argument];
		const auto to = static_cast<u8>(argument + 1);
		using is = argument_kind::what;
		switch (kind.is) {
		case is::number:
			return out_.set(to, 0), true;
		case is::size:
			return out_.set(to, 8), true;
		case is::amount:
			return out_.set(to, 8), true;
		case is::unused:
			return true;
		case is::context:
			return out_.mov(to, saved_ctx), true;
		case is::map:
			return right_map(to, kind);
		case is::key:
		case is::value:
			return out_.stack(to, -64), true;
		case is::memory:
			if (called_.name == "bpf_dynptr_from_mem")
				return out_.variable(to, *maps_.of_type(BPF_MAP_TYPE_ARRAY), 0), true;
			return out_.stack(to, -48), true;
		case is::variable:
			return out_.stack(to, -8), true;
		case is::constant_string:
			return out_.variable(to, maps_.constants(), 0), true;
		case is::socket:
			return out_.mov(to, saved_sk), true;
		case is::stack_object:
			return out_.stack(to, -16), called_.name == "bpf_dynptr_from_mem";
		case is::address:
			return out_.set(to, 0), true;
		default:
			return false;
		}
	}
	void wrong_one(u32 argument, wrong what) {
		const auto to = static_cast<u8>(argument + 1);
		const u32 hash = *maps_.of_type(BPF_MAP_TYPE_HASH), array = *maps_.of_type(BPF_MAP_TYPE_ARRAY);
		switch (what) {
		case wrong::null:
			return out_.set(to, 0);
		case wrong::number:
			return out_.set(to, 77);
		case wrong::context:
			return out_.mov(to, saved_ctx);
		case wrong::context_moved:
			out_.mov(to, saved_ctx);
			return out_.add(0x07, to, 0, 0, 8);
		case wrong::stack_top:
			return out_.stack(to, -4);
		case wrong::stack_end:
			return out_.mov(to, frame);
		case wrong::map:
			return out_.map(to, hash);
		case wrong::other_map:
			return out_.map(to, *maps_.of_type(BPF_MAP_TYPE_PROG_ARRAY));
		case wrong::variable:
			return out_.variable(to, array, 0);
		case wrong::variable_end:
			return out_.variable(to, array, 60);
		case wrong::socket:
			return out_.mov(to, saved_sk);
		default:
			return;
		}
	}
	void call(s32 id) {
		out_.call(id);
		if (called_.name == "bpf_ringbuf_reserve") {
			out_.add(0x15, r0, 0, 3, 0);
			out_.mov(r1, r0);
			out_.set(2, 0);
			out_.call(ringbuf_submit);
		}
		end();
	}
	made_call take() { return out_.take(); }

  private:
	void end() {
		out_.set(r0, 1);
		out_.add(0x95, 0, 0, 0, 0);
	}
	bool right_map(u8 to, const argument_kind& kind) {
		const std::optional<u32> map =
			maps_.of_type(kind.map_types.empty() ? u32{BPF_MAP_TYPE_HASH} : kind.map_types[0]);
		if (map)
			out_.map(to, *map);
		return map.has_value();
	}

	const helper::call_prototype& called_;
	const both_maps& maps_;
	writer out_;
};

} // namespace

both_maps::both_maps() {
	// Of each type one, by the first of these that it takes. (SK_STORAGE takes none: its values have types.)
	constexpr struct {
		u32 key_size, value_size, max_entries;
	} sizes[] = {{4, 64, 1}, {4, 4, 1}, {0, 64, 1}, {0, 0, 4096}};
	for (u32 type = 0; type <= BPF_MAP_TYPE_ARENA; ++type)
		for (const auto& [key_size, value_size, max_entries] : sizes) {
			bpf_map_ptr taken;
			if (bpf_map_create({bpf_map_type{type}, key_size, value_size, max_entries}, taken) != 0)
				continue;
			make(bpf_map_type{type}, key_size, value_size, max_entries);
			break;
		}
	make(BPF_MAP_TYPE_ARRAY, 4, 64, 1, BPF_F_RDONLY_PROG);
	if (!failure_.empty())
		return;
	all_.back().here.get()->freeze();
	struct {
		u32 fd;
	} freeze{static_cast<u32>(all_.back().kernel.get())};
	constexpr auto map_freeze = static_cast<kernel_diff::abi::command>(22);
	if (kernel_diff::bpf_call(map_freeze, freeze) != 0)
		failure_ = "no map can be frozen";
}

void both_maps::make(bpf_map_type type, u32 key_size, u32 value_size, u32 max_entries, u32 flags) {
	bpf_map_attr attr{type, key_size, value_size, max_entries, flags};
	attr.map_name = std::string("m").append(std::to_string(all_.size()));
	kernel_diff::abi::map_create_attr twin{type, key_size, value_size, max_entries, flags};
	map_pair made;
	std::string why;
	if (bpf_map_create(attr, made.here, why) != 0)
		failure_.append(why).append("\n");
	made.kernel =
		kernel_diff::owned_fd(static_cast<int>(kernel_diff::bpf_call(kernel_diff::abi::map_create, twin)));
	if (!made.kernel)
		failure_.append("the kernel makes no ").append(bpf_map_type_name(type)).append("\n");
	all_.push_back(std::move(made));
}

std::optional<u32> both_maps::of_type(u32 type) const {
	for (u32 i = 0; i != all_.size(); ++i)
		if (all_[i].here.get()->attr.map_type == type)
			return i;
	return std::nullopt;
}

const char* name_of(wrong what) noexcept {
	static constexpr const char* names[] = {"unset",
											"NULL",
											"77",
											"the context",
											"the context + 8",
											"r10 - 4",
											"r10",
											"a HASH map",
											"a PROG_ARRAY map",
											"a variable",
											"a variable's end",
											"a socket"};
	return names[static_cast<std::size_t>(what)];
}

std::optional<made_call> make_call(const helper::call_prototype& called, u32 id, const both_maps& maps,
								   std::optional<std::pair<u32, wrong>> instead) {
	call_writer out(called, maps);
	out.begin();
	for (u32 i = 0; i != called.count; ++i) {
		if (instead && instead->first == i)
			out.wrong_one(i, instead->second);
		else if (!out.right(i))
			return std::nullopt;
	}
	out.call(static_cast<s32>(id));
	return out.take();
}

} // namespace call_test
