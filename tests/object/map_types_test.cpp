// SPDX-License-Identifier: MIT
// BPF_MAP_CREATE with types and without, here and by the machine's kernel: the same attributes to both.
#include <cerrno>
#include <cstring>

#include <sys/syscall.h>
#include <unistd.h>

#include <object/libbpf/bpf_session.hpp>

#include "support.hpp"

namespace sockops { // <linux/bpf.h> has the same names
namespace {

using namespace object;

/// Types of keys and values, right and wrong ones.
class some_types {
  public:
	some_types() {
		types_.push_back({"none", 0});
		add("u32", libbpf::btf_add_int(made_, "u32", 4, 0));
		add("bool of 4", libbpf::btf_add_int(made_, "wide_bool", 4, BTF_INT_BOOL));
		add("u64", libbpf::btf_add_int(made_, "u64", 8, 0));
		const s32 word = libbpf::btf_add_int(made_, "word", 4, BTF_INT_SIGNED);
		add("struct of 4", libbpf::btf_add_struct(made_, "four", 4));
		libbpf::btf_add_field(made_, "a", word, 0, 0);
		add("empty struct", libbpf::btf_add_struct(made_, "empty", 0));
		add("enum", libbpf::btf_add_enum(made_, "some", 4));
		libbpf::btf_add_enum_value(made_, "SOME", 0);
		add("typedef", libbpf::btf_add_typedef(made_, "number", word));
		types_.push_back({"not there", 9999});
	}
	~some_types() { libbpf::btf_free(made_); }
	some_types(const some_types&) = delete;
	some_types& operator=(const some_types&) = delete;

	struct named {
		const char* name;
		u32 id;
	};
	const std::vector<named>& all() const { return types_; }
	::bpf_attr load_attr() const {
		::bpf_attr attr{};
		u32 size = 0;
		attr.btf = reinterpret_cast<u64>(libbpf::btf_raw_data(made_, &size));
		attr.btf_size = size;
		return attr;
	}

  private:
	void add(const char* name, s32 id) { types_.push_back({name, static_cast<u32>(id)}); }
	::btf* made_ = libbpf::btf_new_empty();
	std::vector<named> types_;
};

long ask_kernel(int command, const ::bpf_attr& attr) {
	const long result = ::syscall(SYS_bpf, command, &attr, sizeof attr);
	return result < 0 ? -errno : result;
}

::bpf_attr attr_of(bpf_map_type type) {
	::bpf_attr attr{};
	attr.map_type = type;
	const bool has_keys = type != BPF_MAP_TYPE_QUEUE && type != BPF_MAP_TYPE_STACK;
	const bool is_ring = type == BPF_MAP_TYPE_RINGBUF, is_storage = type == BPF_MAP_TYPE_SK_STORAGE;
	const bool has_fds = type == BPF_MAP_TYPE_PROG_ARRAY || type == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
	attr.key_size = is_ring || !has_keys ? 0 : 4;
	attr.value_size = is_ring ? 0 : has_fds ? 4 : 8;
	attr.max_entries = is_ring ? 4096 : is_storage ? 0 : 1;
	attr.map_flags = is_storage ? u32{BPF_F_NO_PREALLOC} : 0;
	return attr;
}

/// The kernel waits for RCU, some 25 ms, when it refuses one.
bool is_slow(u32 type) {
	return type == BPF_MAP_TYPE_SOCKMAP || type == BPF_MAP_TYPE_SOCKHASH || type == BPF_MAP_TYPE_SK_STORAGE;
}
bool is_telling(const some_types::named& value) {
	return value.id == 0 || std::string_view(value.name) == "u64";
}

TEST(map_types, are_taken_and_refused_as_by_the_kernel) {
	const some_types types;
	const int kernel_types = static_cast<int>(ask_kernel(BPF_BTF_LOAD, types.load_attr()));
	if (kernel_types == -EPERM || kernel_types == -ENOSYS)
		GTEST_SKIP() << "bpf(2) may not be called here";
	ASSERT_GE(kernel_types, 0) << std::strerror(-kernel_types);
	const core_relocations core({}, {});
	bpf_session session(core);
	const ::bpf_attr load = types.load_attr();
	const int own_types = static_cast<int>(session.call(BPF_BTF_LOAD, &load, sizeof load));
	ASSERT_GE(own_types, 0);
	u32 cases = 0, refused = 0;
	for (u32 type = 1; type != 64; ++type)
		for (const some_types::named& key : types.all())
			for (const some_types::named& value : types.all()) {
				if (!bpf_map_type_is_modelled(type) || (is_slow(type) && !is_telling(value)))
					continue;
				::bpf_attr attr = attr_of(static_cast<bpf_map_type>(type));
				attr.btf_key_type_id = key.id;
				attr.btf_value_type_id = value.id;
				attr.btf_fd = static_cast<u32>(kernel_types);
				const long theirs = ask_kernel(BPF_MAP_CREATE, attr);
				attr.btf_fd = static_cast<u32>(own_types);
				const long ours = session.call(BPF_MAP_CREATE, &attr, sizeof attr);
				EXPECT_EQ(std::min(ours, 0l), std::min(theirs, 0l))
					<< bpf_map_type_name(type) << ", key " << key.name << ", value " << value.name << ": "
					<< session.reason();
				for (const long fd : {theirs, ours})
					if (fd >= 0)
						::close(static_cast<int>(fd));
				++cases;
				refused += theirs < 0;
			}
	for (const int fd : {kernel_types, own_types})
		::close(fd);
	EXPECT_EQ(cases, (10 * types.all().size() + 3 * 2) * types.all().size());
	EXPECT_GT(refused, cases / 2);
	RecordProperty("cases", static_cast<int>(cases));
}

} // namespace
} // namespace sockops
