/* SPDX-License-Identifier: MIT */
/* <bpf/bpf_core_read.h> for natively compiled programs. CO-RE finds out, when a program is loaded, where the kernel
 * has a member; natively nothing is loaded and there are no kernel types. So the questions whether something exists
 * are answered with no, and what would read a member does not compile. Run such a program as bpf_object. */
#ifndef SOCKOPS_NATIVE_BPF_CORE_READ_H
#define SOCKOPS_NATIVE_BPF_CORE_READ_H

#define bpf_core_field_exists(field...) 0
#define bpf_core_type_exists(type) 0
#define bpf_core_enum_value_exists(type, value) 0
#define bpf_core_type_matches(type) 0

#define SOCKOPS_NO_CORE(what)                                                                                \
	({                                                                                                       \
		_Static_assert(0, what " reads by CO-RE, which has no meaning natively: run this program as "        \
							   "bpf_object, or put the read behind another helper");                         \
		0;                                                                                                   \
	})
#define BPF_CORE_READ(args...) SOCKOPS_NO_CORE("BPF_CORE_READ()")
#define BPF_CORE_READ_INTO(args...) SOCKOPS_NO_CORE("BPF_CORE_READ_INTO()")
#define BPF_CORE_READ_STR_INTO(args...) SOCKOPS_NO_CORE("BPF_CORE_READ_STR_INTO()")
#define BPF_CORE_READ_BITFIELD(args...) SOCKOPS_NO_CORE("BPF_CORE_READ_BITFIELD()")
#define BPF_CORE_READ_BITFIELD_PROBED(args...) SOCKOPS_NO_CORE("BPF_CORE_READ_BITFIELD_PROBED()")
#define bpf_core_read(args...) SOCKOPS_NO_CORE("bpf_core_read()")
#define bpf_core_read_str(args...) SOCKOPS_NO_CORE("bpf_core_read_str()")
#define bpf_core_field_size(args...) SOCKOPS_NO_CORE("bpf_core_field_size()")
#define bpf_core_field_offset(args...) SOCKOPS_NO_CORE("bpf_core_field_offset()")
#define bpf_core_type_size(args...) SOCKOPS_NO_CORE("bpf_core_type_size()")
#define bpf_core_enum_value(args...) SOCKOPS_NO_CORE("bpf_core_enum_value()")

#endif
