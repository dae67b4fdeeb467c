// SPDX-License-Identifier: MIT
// The memory that natively compiled programs have for a context, filled by the field tables.
#include "native_run.hpp"

#include <cstring>
#include <utility>

#include <sockops/kern/check.hpp>
#include <sockops/vm/insn.hpp>

#include "native_prog.hpp"

namespace sockops::native {

namespace {

constinit thread_local native_run* innermost = nullptr;

/// A word of the table, in the size that the field has.
void put(std::byte* at, u64 value, unsigned size) noexcept {
	if (size == 8)
		std::memcpy(at, &value, 8);
	else {
		const u32 word = static_cast<u32>(value);
		std::memcpy(at, &word, 4);
	}
}

template <std::size_t Row>
void put_field(std::byte* ctx, const bpf_sock_ops_kern& kern) noexcept {
	constexpr const ctx_field& field = ctx_fields[Row];
	if constexpr (field.name == "reply" || field.name == "replylong") // args says the same
		return;
	const bool open = guard_is_open(field.guard, kern);
	constexpr auto read = field.read;
	for (unsigned each = 0; each != field.count; ++each)
		put(ctx + field.offset + each * field.size, open ? read(kern, each) : 0, field.size);
}

template <const auto& Fields, std::size_t Row>
void put_view_field(std::byte* view, const tcp_sock& tp) noexcept {
	constexpr const sock_view_field& field = Fields[Row];
	constexpr auto read = field.read;
	for (unsigned each = 0; each != field.count; ++each)
		put(view + field.offset + each * field.size, read(tp, each), field.size);
}

void fill_context(std::byte* ctx, const bpf_sock_ops_kern& kern) noexcept {
	[&]<std::size_t... Row>(std::index_sequence<Row...>) { (put_field<Row>(ctx, kern), ...); }
	(std::make_index_sequence<std::size(ctx_fields)>{});
}

template <const auto& Fields>
void fill_view(std::byte* view, const tcp_sock& tp) noexcept {
	[&]<std::size_t... Row>(std::index_sequence<Row...>) { (put_view_field<Fields, Row>(view, tp), ...); }
	(std::make_index_sequence<std::size(Fields)>{});
}

/// Do the fields leave no byte out? Then nothing has to be cleared before they are filled in.
template <class Field, std::size_t N>
constexpr bool cover(const Field (&fields)[N], u32 size) {
	for (u32 at = 0; at != size; ++at) {
		bool is_covered = false;
		for (const Field& each : fields)
			is_covered |= at >= each.offset && at < each.offset + u32{each.size} * each.count;
		if (!is_covered)
			return false;
	}
	return true;
}
static_assert(cover(ctx_fields, bpf_sock_ops_size) && cover(bpf_sock_fields, bpf_sock_size) &&
			  cover(bpf_tcp_sock_fields, bpf_tcp_sock_size));

u32 word_at(const std::byte* at) noexcept {
	u32 word;
	std::memcpy(&word, at, sizeof word);
	return word;
}

constexpr const ctx_field& reply_field = find_ctx_field("reply");
constexpr const ctx_field& txhash_field = find_ctx_field("sk_txhash");
constexpr const ctx_field& sk_field = find_ctx_field("sk");

} // namespace

native_run::native_run(bpf_sock_ops_kern& ctx) noexcept : kern_(ctx), outer_(innermost) {
	innermost = this;
	refresh();
}

native_run::~native_run() {
	if (sections.any()) [[unlikely]] {
		illegal_use(next_ ? next_->name : "a native program", "it ended without calling %s",
					sections.left_to_call());
		sections.leave_all();
	}
	innermost = outer_;
}

native_run* native_run::current(const char* helper) noexcept {
	if (!innermost) [[unlikely]]
		illegal_use(helper, "called outside a program: natively compiled programs run by a dispatch alone");
	return innermost;
}

native_run* native_run::of_context(const void* ctx, const char* helper) noexcept {
	native_run* const run = current(helper);
	if (!run || run->ctx_ == ctx) [[likely]]
		return run;
	illegal_use(helper, "its context is %p, not what the program was given, %p", ctx,
				static_cast<const void*>(run->ctx_));
	return nullptr;
}

sock_common* native_run::socket_at(const void* view) const noexcept {
	return view && (view == sk_ || view == tcp_) ? kern_.sk : nullptr;
}

void* native_run::show(const tcp_sock& tp) noexcept {
	fill_view<bpf_tcp_sock_fields>(tcp_, tp);
	return tcp_;
}

void native_run::write_back() noexcept {
	kern_.reply = word_at(ctx_ + reply_field.offset);
	write_ctx_field(txhash_field, kern_, word_at(ctx_ + txhash_field.offset));
}

void native_run::refresh() noexcept {
	fill_context(ctx_, kern_);
	if (!guard_is_open(sk_field.guard, kern_))
		return;
	fill_view<bpf_sock_fields>(sk_, static_cast<const tcp_sock&>(*kern_.sk));
	put(ctx_ + sk_field.offset, reinterpret_cast<std::uintptr_t>(sk_), sk_field.size);
}

u32 native_run::run_chain(const native_prog& first) noexcept {
	next_ = &first;
	// Comes back here from go_on_with(): nothing but members of this run may be relied on.
	has_way_back_ = first.may_tail_call;
	if (has_way_back_)
		(void)setjmp(way_back_); // NOLINT: the code that is left is C
	if (next_->bpf_func == native_prog::run)
		return static_cast<const native_prog*>(next_)->function(ctx_);
	write_back();
	vm::carried_tail_calls = tail_calls_;
	const u32 result = bpf_prog_run(next_, &kern_);
	vm::carried_tail_calls = 0; // of a program that does not count
	refresh();
	return result;
}

bool native_run::go_on_with(const bpf_prog& next) noexcept {
	if (!has_way_back_ || tail_calls_ == max_tail_call_cnt)
		return false;
	++tail_calls_;
	next_ = &next;
	std::longjmp(way_back_, 1);
}

} // namespace sockops::native
