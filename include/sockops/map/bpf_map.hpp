// SPDX-License-Identifier: MIT
// struct bpf_map: what all maps of BPF programs have in common, and what each type answers for itself
// (struct bpf_map_ops). bpf_map_create() makes one of any type.
//
//   programs     call the first group, inside a read-side section: keys and values are memory that has been
//                checked, and a value that was looked up may be used until the section ends
//   user space   calls the second group, as bpf(2) does: whole values are copied in and out
//   lifetime     counted references (bpf_map_ptr); the last one queues the map for destruction after a
//                grace period. A program holds its maps.
//   readers      lookups never block; writers take a lock for a moment, and may be programs
//
// Context: programs inside a read-side section, user space on any thread, outside of programs; each takes a
// lock for a moment at most. Not from a signal handler.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <utility>

#include <sockops/kern/kernel_release.hpp>
#include <sockops/map/map_flags.hpp>
#include <sockops/sync/processor_id.hpp>
#include <sockops/sync/rcu.hpp>

namespace sockops {

struct bpf_map_observer;

/// What a map is made with: the members of union bpf_attr for BPF_MAP_CREATE, by their names.
struct bpf_map_attr {
	bpf_map_type map_type{};
	u32 key_size = 0;       ///< bytes
	u32 value_size = 0;     ///< bytes; PERCPU: of one CPU's value
	u32 max_entries = 0;    ///< RINGBUF: bytes
	u32 map_flags = 0;      ///< bpf_map_create_flag
	u64 map_extra = 0;      ///< no type here has a use for it: other than 0 is -EINVAL
	std::string map_name{}; ///< letters, digits, '_' and '.'; of any length (the kernel: 15 characters)
	s32 spin_lock_off = -1; ///< where a value's struct bpf_spin_lock is, bytes; -1: it has none
};

/// Where the values of a map lie, so that an address can be told to be in one: value i is the value_size
/// bytes at base + i * stride. Never moves, and stays readable for as long as the map lives.
struct bpf_map_area {
	std::byte* base = nullptr;
	std::size_t stride = 0;
	std::size_t count = 0; ///< 0: programs hold no pointers to this map's values
	u32 value_size = 0;
	/// Programs may have the address of the first value, and what is in it, in their code.
	bool in_code = false;
};

/// What the entries of a type are, to whoever looks at maps in general.
enum class map_holds : u8 {
	unknown,       ///< of a type that the library has not
	values,        ///< bytes by a key, to which programs get pointers
	percpu_values, ///< the same for each CPU
	socket_values, ///< bytes by a socket
	sockets,
	programs,
	records,       ///< bytes in the order in which they came, which are read once
	queued_values, ///< bytes without a key: the one that is next is read or taken, by programs as by user
				   ///< space
	other,
};

/// Which types (BTF) an object may declare for a map's keys and values: map_check_btf.
enum class map_btf : u8 {
	any,   ///< of the right sizes
	index, ///< an integer of four bytes as key; without one the variables of a section, its only entry
	both,  ///< as index, and there must be both
	none,
};

/// Each thread is a CPU (sync/processor_id.hpp): a PERCPU value has so many.
inline constexpr u32 num_possible_cpus = max_processors;

struct bpf_map {
	bpf_map_attr attr;
	std::atomic<u32> refcnt{1};
	struct rcu_of_map : rcu_head {
		bpf_map* map = nullptr;
	} rcu;                           ///< queued by the last bpf_map_put()
	u32 id = 0;                      ///< one number, one map, in the whole process
	std::atomic<bool> frozen{false}; ///< set by freeze(): user space no longer writes

	bpf_map_observer* observers = nullptr; ///< watch() and unwatch(): while nobody else uses the map

	explicit bpf_map(bpf_map_attr with);
	virtual ~bpf_map() = default;
	bpf_map(const bpf_map&) = delete;
	bpf_map& operator=(const bpf_map&) = delete;

	// From programs. A type that has no such operation answers -EOPNOTSUPP, or nullptr.

	/// The value, or nullptr. PERCPU: this CPU's.
	virtual void* lookup_elem(const void* key) noexcept;
	/// PERCPU: another CPU's value; nullptr beyond num_possible_cpus.
	virtual void* lookup_percpu_elem(const void* key, u32 cpu) noexcept;
	/// 0 or -errno. PERCPU: this CPU's value. -EINVAL for unknown flags and for BPF_F_LOCK without a lock.
	virtual int update_elem(const void* key, const void* value, u64 flags) noexcept;
	/// 0 or -errno: -ENOENT if there is none; of a type whose elements stay -EINVAL.
	virtual int delete_elem(const void* key) noexcept;
	/// Calls visit(key, value, arg) for each element until it returns other than 0; PERCPU: this CPU's
	/// values. Returns the number of calls, or -EINVAL if the type cannot (bpf_for_each_map_elem).
	virtual int for_each(int (*visit)(void* key, void* value, void* arg), void* arg) noexcept;
	/// Of a type without keys. push: BPF_EXIST drops the oldest of a full map, which is -E2BIG else; other
	/// flags than that are -EINVAL. pop and peek: 0 and the value that is next, or -ENOENT and zeroes.
	virtual int push_elem(const void* value, u64 flags) noexcept;
	virtual int pop_elem(void* value) noexcept;
	virtual int peek_elem(void* value) noexcept;
	/// bpf_map_sum_elem_count(): how many entries a type has that counts them; 0 of others.
	virtual s64 sum_elem_count() noexcept { return 0; }

	// From user space. sys_value_size() bytes a value. As through the creator's descriptor: -EPERM for
	// reading a map with BPF_F_WRONLY, and for writing to a frozen one or one with BPF_F_RDONLY. A type that
	// has no such operation: what the kernel answers, which is mostly -ENOTSUPP (524).

	/// Bytes of a whole value: of a PERCPU one those of all CPUs.
	virtual u32 sys_value_size() const noexcept { return attr.value_size; }
	/// 0 and the value; -ENOENT; -EINVAL for other flags than BPF_F_LOCK, and for that without a lock.
	/// A map without keys takes a null key, and the value that is next is meant.
	virtual int sys_lookup_elem(const void* key, void* value, u64 flags = 0) noexcept;
	/// BPF_MAP_LOOKUP_AND_DELETE_ELEM: the same errnos, and on 0 the element is gone.
	virtual int sys_lookup_and_delete_elem(const void* key, void* value, u64 flags = 0) noexcept;
	/// BPF_MAP_UPDATE_ELEM: 0 or the -errno of update_elem(); a PERCPU value is that of each CPU.
	virtual int sys_update_elem(const void* key, const void* value, u64 flags) noexcept;
	/// BPF_MAP_DELETE_ELEM: 0 or the -errno of delete_elem().
	virtual int sys_delete_elem(const void* key) noexcept;
	/// The key after `key` (nullptr: the first) in `next`; -ENOENT after the last.
	virtual int get_next_key(const void* key, void* next) noexcept;

	/// Hands each complete record to take(), oldest first, those of all CPUs, and frees it. False: it
	/// is of a type that has no records.
	virtual bool take_records(void (*take)(const std::byte* record, std::size_t size, void* arg), void* arg);
	/// The last descriptor of it is closed (map_release_uref); programs may go on using it.
	virtual void release_uref() noexcept {}

	/// BPF_MAP_FREEZE: 0; -ENOTSUPP (524) with a struct bpf_spin_lock; -EPERM if user space could not write
	/// to it before, frozen or not.
	int freeze() noexcept;

	/// The observer is told from here on, until unwatch(); it outlives the map otherwise.
	void watch(bpf_map_observer& observer) noexcept;
	void unwatch(bpf_map_observer& observer) noexcept;
	/// Before an element may change: its value is where `value` says, or has not been looked up.
	void tell_observers(const void* key, const void* value = nullptr) noexcept {
		if (observers) [[unlikely]]
			tell_each(key, value);
	}
	/// The same by an address in the area.
	void tell_observers_of_value(const void* value) noexcept {
		if (observers) [[unlikely]]
			tell_by_value(value);
	}

	/// Where lookup_elem() points to.
	virtual bpf_map_area area() const noexcept { return {}; }
	/// A memfd whose pages are the map's memory, for mmap(2): of an ARRAY with BPF_F_MMAPABLE, whose values
	/// begin at offset 0, and of a RINGBUF. Owned by the map; -1: there is none.
	virtual int memory_fd() const noexcept { return -1; }

	/// The last reference is gone: takes off at once what hangs elsewhere. The map itself goes after a grace
	/// period.
	virtual void last_reference_gone() noexcept {}

	/// What its entries are.
	map_holds holds() const noexcept;
	/// Which types an object may declare for it.
	virtual map_btf btf() const noexcept { return map_btf::any; }

  protected:
	/// The key of a value in the area: attr.key_size bytes, good until the map is written to; of an index in
	/// `index`.
	virtual const void* key_of_value(const void* value, u32& index) const noexcept;

	/// The first step of each call from user space: 0 or -EPERM; then -EINVAL for BPF_F_LOCK without a lock.
	int refuse_reading(u64 flags = 0) const noexcept;
	int refuse_writing(u64 flags = 0) const noexcept;
	int refuse_taking(u64 flags) const noexcept;

  private:
	void tell_each(const void* key, const void* value) noexcept;
	void tell_by_value(const void* value) noexcept;
};

/// A number that no map has had.
[[nodiscard]] u32 next_map_id() noexcept;

/// A reference more; of a map that the caller knows not to be freed.
inline void bpf_map_inc(bpf_map* map) noexcept { map->refcnt.fetch_add(1, std::memory_order_relaxed); }
/// Drops a reference; the last one destroys the map after a grace period, without waiting.
void bpf_map_put(bpf_map* map) noexcept;

/// A reference that counts.
class bpf_map_ptr {
  public:
	bpf_map_ptr() = default;
	/// Returns the owner of a reference that the caller held; nullptr: an empty one.
	static bpf_map_ptr adopt(bpf_map* map) noexcept {
		bpf_map_ptr taken;
		taken.map_ = map;
		return taken;
	}
	bpf_map_ptr(const bpf_map_ptr& other) noexcept : map_(other.map_) {
		if (map_)
			bpf_map_inc(map_);
	}
	bpf_map_ptr(bpf_map_ptr&& other) noexcept : map_(std::exchange(other.map_, nullptr)) {}
	bpf_map_ptr& operator=(const bpf_map_ptr& other) noexcept { return *this = bpf_map_ptr(other); }
	bpf_map_ptr& operator=(bpf_map_ptr&& other) noexcept {
		bpf_map* const theirs = std::exchange(other.map_, nullptr);
		if (bpf_map* const mine = std::exchange(map_, theirs))
			bpf_map_put(mine);
		return *this;
	}
	~bpf_map_ptr() {
		if (map_)
			bpf_map_put(map_);
	}

	/// nullptr of an empty one. No reference is taken.
	bpf_map* get() const noexcept { return map_; }
	explicit operator bool() const noexcept { return map_ != nullptr; }

  private:
	bpf_map* map_ = nullptr;
};

/// BPF_MAP_CREATE: 0 and the map in `made`, or what 6.18 answers: -EINVAL for an attribute or a flag that the
/// type does not take, -E2BIG, -ENOMEM; -EINVAL too for a type that the library has not (`why` names it).
/// `why`: in words, on error: the attribute, its value, and what is allowed.
[[nodiscard]] int bpf_map_create(const bpf_map_attr& attr, bpf_map_ptr& made, std::string& why);
/// The same without words.
[[nodiscard]] int bpf_map_create(const bpf_map_attr& attr, bpf_map_ptr& made) noexcept;

/// "HASH", "ARENA": any type of 6.18; "UNKNOWN".
[[nodiscard]] const char* bpf_map_type_name(u32 type) noexcept;
/// Since when Linux has it; 0 of what is no type.
[[nodiscard]] kernel_release bpf_map_type_since(u32 type) noexcept;
/// Can bpf_map_create() make one?
[[nodiscard]] bool bpf_map_type_is_modelled(u32 type) noexcept;
/// What the entries of a type are; unknown of one that the library has not.
[[nodiscard]] map_holds bpf_map_type_holds(u32 type) noexcept;

inline map_holds bpf_map::holds() const noexcept { return bpf_map_type_holds(attr.map_type); }

} // namespace sockops
