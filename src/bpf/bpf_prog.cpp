// SPDX-License-Identifier: MIT
// Programs and arrays: their memory, and the dummy.

#include <sockops/bpf/bpf_prog_array.hpp>

#include <cstdlib>
#include <new>

#include <sockops/bpf/native_prog.hpp>
#include <sockops/kern/check.hpp>

namespace sockops {

namespace {

u32 return_success(bpf_sock_ops_kern*, const bpf_prog*) noexcept { return 1; }

bpf_prog* prog_of(rcu_head* head) noexcept {
	return reinterpret_cast<bpf_prog*>(reinterpret_cast<char*>(head) - offsetof(bpf_prog, rcu));
}

/// The array that every cgroup without programs shares. Never freed.
struct {
	bpf_prog_array array{};
	bpf_prog_array_item end{};
} empty_array;
static_assert(sizeof empty_array == sizeof(bpf_prog_array) + sizeof(bpf_prog_array_item));

} // namespace

constinit bpf_prog bpf_dummy_prog{return_success, "dummy"};

u32 next_prog_id() noexcept {
	static constinit std::atomic<u32> last{0};
	return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

void bpf_prog_put(bpf_prog* prog) noexcept {
	// E: acq_rel; the last put sees what every other holder did before its own.
	if (prog->refcnt.fetch_sub(1, std::memory_order_acq_rel) != 1 || !prog->destroy)
		return;
	call_rcu(&prog->rcu, [](rcu_head* head) {
		bpf_prog* dead = prog_of(head);
		dead->destroy(dead);
	});
}

u32 detail::handler_threw(const bpf_prog* prog, const char* what) noexcept {
	illegal_use("bpf_prog_run",
				"program \"%s\" threw (%s): a handler must return 1 or 0; counted as 0 (deny)",
				prog->name ? prog->name : "?", what);
	return 0;
}

bpf_prog_array* bpf_prog_array_alloc(std::size_t count) noexcept {
	if (count == 0)
		return &empty_array.array;
	void* memory =
		::operator new(sizeof(bpf_prog_array) + (count + 1) * sizeof(bpf_prog_array_item), std::nothrow);
	if (!memory)
		return nullptr;
	auto* array = new (memory) bpf_prog_array{};
	for (std::size_t i = 0; i <= count; ++i)
		new (array->items() + i) bpf_prog_array_item{};
	return array;
}

void bpf_prog_array_free(bpf_prog_array* array) noexcept {
	if (array && array != &empty_array.array)
		::operator delete(array);
}

std::size_t bpf_prog_array_length(const bpf_prog_array* array) noexcept {
	std::size_t length = 0;
	const bpf_prog_array_item* item = array->items();
	while (const bpf_prog* prog = rcu_dereference(item->prog)) {
		length += prog != &bpf_dummy_prog;
		++item;
	}
	return length;
}

} // namespace sockops
