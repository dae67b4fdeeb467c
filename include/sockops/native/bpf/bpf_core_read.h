/* SPDX-License-Identifier: MIT */
/* <bpf/bpf_core_read.h> for natively compiled programs. CO-RE finds out, when a program is loaded, where the
 * kernel has a member; natively nothing is loaded and there are no kernel types. So the questions whether
 * something exists are answered with no, and what would read a member does not compile. Run such a program as
 * bpf_object. */
#ifndef SOCKOPS_NATIVE_BPF_CORE_READ_H
#define SOCKOPS_NATIVE_BPF_CORE_READ_H

#define bpf_core_field_exists(field...) 0
#define bpf_core_type_exists(type) 0
#define bpf_core_enum_value_exists(type, value) 0
#define bpf_core_type_matches(type) 0

/* Refused where a program comes to one of them: functions that nobody calls may be there. */
#define SOCKOPS_NO_CORE(name)                                                                                \
	int sockops_no_##name(void)                                                                              \
		__attribute__((error(#name "() reads by CO-RE, which has no meaning natively: run this program as "  \
								   "bpf_object, or put the read behind another helper")))
SOCKOPS_NO_CORE(BPF_CORE_READ);
SOCKOPS_NO_CORE(BPF_CORE_READ_INTO);
SOCKOPS_NO_CORE(BPF_CORE_READ_STR_INTO);
SOCKOPS_NO_CORE(BPF_CORE_READ_BITFIELD);
SOCKOPS_NO_CORE(BPF_CORE_READ_BITFIELD_PROBED);
SOCKOPS_NO_CORE(bpf_core_read);
SOCKOPS_NO_CORE(bpf_core_read_str);
SOCKOPS_NO_CORE(bpf_core_field_size);
SOCKOPS_NO_CORE(bpf_core_field_offset);
SOCKOPS_NO_CORE(bpf_core_type_size);
SOCKOPS_NO_CORE(bpf_core_enum_value);

#define BPF_CORE_READ(args...) sockops_no_BPF_CORE_READ()
#define BPF_CORE_READ_INTO(args...) sockops_no_BPF_CORE_READ_INTO()
#define BPF_CORE_READ_STR_INTO(args...) sockops_no_BPF_CORE_READ_STR_INTO()
#define BPF_CORE_READ_BITFIELD(args...) sockops_no_BPF_CORE_READ_BITFIELD()
#define BPF_CORE_READ_BITFIELD_PROBED(args...) sockops_no_BPF_CORE_READ_BITFIELD_PROBED()
#define bpf_core_read(args...) sockops_no_bpf_core_read()
#define bpf_core_read_str(args...) sockops_no_bpf_core_read_str()
#define bpf_core_field_size(args...) sockops_no_bpf_core_field_size()
#define bpf_core_field_offset(args...) sockops_no_bpf_core_field_offset()
#define bpf_core_type_size(args...) sockops_no_bpf_core_type_size()
#define bpf_core_enum_value(args...) sockops_no_bpf_core_enum_value()

#endif
