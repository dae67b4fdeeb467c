// SPDX-License-Identifier: MIT
// libbpf, as this library calls it: a private copy of the static archive, made when the library is built
// (cmake/private_libbpf.cmake). What it wants of the machine it gets from libbpf_hooks.cpp instead.
//
// Why a copy: `-Wl,--wrap=syscall` would reach into every program that links this library, also into its own
// calls of bpf(2), and two users of it in one program would clash. The copy's symbols are local but for those
// below, which have another name; so a program may link the ordinary libbpf as well, static or shared, and
// each keeps its own print function, its own probes and its own kernel.
//
// The script reads the names of the functions from this file: one that is not here cannot be called.
#pragma once

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

namespace sockops::libbpf {

// clang-format off
extern decltype(::libbpf_set_print) set_print asm("sockops_libbpf_libbpf_set_print");
extern decltype(::libbpf_version_string) version_string asm("sockops_libbpf_libbpf_version_string");

extern decltype(::bpf_object__open_mem) object_open_mem asm("sockops_libbpf_bpf_object__open_mem");
extern decltype(::bpf_object__load) object_load asm("sockops_libbpf_bpf_object__load");
extern decltype(::bpf_object__close) object_close asm("sockops_libbpf_bpf_object__close");
extern decltype(::bpf_object__btf) object_btf asm("sockops_libbpf_bpf_object__btf");
extern decltype(::bpf_object__next_program) next_program asm("sockops_libbpf_bpf_object__next_program");
extern decltype(::bpf_object__next_map) next_map asm("sockops_libbpf_bpf_object__next_map");

extern decltype(::bpf_program__name) program_name asm("sockops_libbpf_bpf_program__name");
extern decltype(::bpf_program__section_name) program_section_name asm("sockops_libbpf_bpf_program__section_name");
extern decltype(::bpf_program__set_type) program_set_type asm("sockops_libbpf_bpf_program__set_type");
extern decltype(::bpf_program__set_expected_attach_type) program_set_attach_type asm("sockops_libbpf_bpf_program__set_expected_attach_type");
extern decltype(::bpf_program__set_autoload) program_set_autoload asm("sockops_libbpf_bpf_program__set_autoload");
extern decltype(::bpf_program__autoload) program_autoload asm("sockops_libbpf_bpf_program__autoload");
extern decltype(::bpf_program__fd) program_fd asm("sockops_libbpf_bpf_program__fd");

extern decltype(::bpf_map__name) map_name asm("sockops_libbpf_bpf_map__name");
extern decltype(::bpf_map__type) map_type asm("sockops_libbpf_bpf_map__type");
extern decltype(::bpf_map__fd) map_fd asm("sockops_libbpf_bpf_map__fd");
extern decltype(::bpf_map__is_internal) map_is_internal asm("sockops_libbpf_bpf_map__is_internal");
extern decltype(::bpf_map__initial_value) map_initial_value asm("sockops_libbpf_bpf_map__initial_value");
extern decltype(::bpf_map__btf_key_type_id) map_key_type asm("sockops_libbpf_bpf_map__btf_key_type_id");
extern decltype(::bpf_map__btf_value_type_id) map_value_type asm("sockops_libbpf_bpf_map__btf_value_type_id");
extern decltype(::bpf_map__max_entries) map_max_entries asm("sockops_libbpf_bpf_map__max_entries");
extern decltype(::bpf_map__set_max_entries) map_set_max_entries asm("sockops_libbpf_bpf_map__set_max_entries");
extern decltype(::bpf_map__key_size) map_key_size asm("sockops_libbpf_bpf_map__key_size");
extern decltype(::bpf_map__value_size) map_value_size asm("sockops_libbpf_bpf_map__value_size");
extern decltype(::bpf_map__set_key_size) map_set_key_size asm("sockops_libbpf_bpf_map__set_key_size");
extern decltype(::bpf_map__set_value_size) map_set_value_size asm("sockops_libbpf_bpf_map__set_value_size");
extern decltype(::bpf_map__map_flags) map_flags asm("sockops_libbpf_bpf_map__map_flags");
extern decltype(::bpf_map__map_extra) map_extra asm("sockops_libbpf_bpf_map__map_extra");
extern decltype(::bpf_map__reuse_fd) map_reuse_fd asm("sockops_libbpf_bpf_map__reuse_fd");
extern decltype(::bpf_map__pin_path) map_pin_path asm("sockops_libbpf_bpf_map__pin_path");
extern decltype(::bpf_map__set_pin_path) map_set_pin_path asm("sockops_libbpf_bpf_map__set_pin_path");
extern decltype(::bpf_map__set_autocreate) map_set_autocreate asm("sockops_libbpf_bpf_map__set_autocreate");

extern decltype(::libbpf_prog_type_by_name) prog_type_by_name asm("sockops_libbpf_libbpf_prog_type_by_name");
extern decltype(::libbpf_bpf_prog_type_str) prog_type_str asm("sockops_libbpf_libbpf_bpf_prog_type_str");

extern decltype(::bpf_linker__new) linker_new asm("sockops_libbpf_bpf_linker__new");
extern decltype(::bpf_linker__add_file) linker_add_file asm("sockops_libbpf_bpf_linker__add_file");
extern decltype(::bpf_linker__finalize) linker_finalize asm("sockops_libbpf_bpf_linker__finalize");
extern decltype(::bpf_linker__free) linker_free asm("sockops_libbpf_bpf_linker__free");

extern decltype(::btf__new) btf_new asm("sockops_libbpf_btf__new");
extern decltype(::btf__new_empty) btf_new_empty asm("sockops_libbpf_btf__new_empty");
extern decltype(::btf__free) btf_free asm("sockops_libbpf_btf__free");
extern decltype(::btf__raw_data) btf_raw_data asm("sockops_libbpf_btf__raw_data");
extern decltype(::btf__type_cnt) btf_type_cnt asm("sockops_libbpf_btf__type_cnt");
extern decltype(::btf__type_by_id) btf_type_by_id asm("sockops_libbpf_btf__type_by_id");
extern decltype(::btf__name_by_offset) btf_name_by_offset asm("sockops_libbpf_btf__name_by_offset");
extern decltype(::btf__find_by_name_kind) btf_find_by_name_kind asm("sockops_libbpf_btf__find_by_name_kind");
extern decltype(::btf__resolve_size) btf_resolve_size asm("sockops_libbpf_btf__resolve_size");
extern decltype(::btf__add_int) btf_add_int asm("sockops_libbpf_btf__add_int");
extern decltype(::btf__add_ptr) btf_add_ptr asm("sockops_libbpf_btf__add_ptr");
extern decltype(::btf__add_array) btf_add_array asm("sockops_libbpf_btf__add_array");
extern decltype(::btf__add_struct) btf_add_struct asm("sockops_libbpf_btf__add_struct");
extern decltype(::btf__add_union) btf_add_union asm("sockops_libbpf_btf__add_union");
extern decltype(::btf__add_field) btf_add_field asm("sockops_libbpf_btf__add_field");
extern decltype(::btf__align_of) btf_align_of asm("sockops_libbpf_btf__align_of");
extern decltype(::btf__add_typedef) btf_add_typedef asm("sockops_libbpf_btf__add_typedef");
extern decltype(::btf__add_fwd) btf_add_fwd asm("sockops_libbpf_btf__add_fwd");
extern decltype(::btf__add_enum) btf_add_enum asm("sockops_libbpf_btf__add_enum");
extern decltype(::btf__add_enum_value) btf_add_enum_value asm("sockops_libbpf_btf__add_enum_value");
extern decltype(::btf__add_func_proto) btf_add_func_proto asm("sockops_libbpf_btf__add_func_proto");
extern decltype(::btf__add_func_param) btf_add_func_param asm("sockops_libbpf_btf__add_func_param");
extern decltype(::btf__add_func) btf_add_func asm("sockops_libbpf_btf__add_func");
extern decltype(::btf__add_var) btf_add_var asm("sockops_libbpf_btf__add_var");
extern decltype(::btf__add_const) btf_add_const asm("sockops_libbpf_btf__add_const");
extern decltype(::btf__add_volatile) btf_add_volatile asm("sockops_libbpf_btf__add_volatile");
extern decltype(::btf__add_float) btf_add_float asm("sockops_libbpf_btf__add_float");
extern decltype(::btf__add_enum64) btf_add_enum64 asm("sockops_libbpf_btf__add_enum64");
extern decltype(::btf__add_enum64_value) btf_add_enum64_value asm("sockops_libbpf_btf__add_enum64_value");
extern decltype(::btf__add_datasec) btf_add_datasec asm("sockops_libbpf_btf__add_datasec");
extern decltype(::btf__add_datasec_var_info) btf_add_datasec_var_info asm("sockops_libbpf_btf__add_datasec_var_info");
extern decltype(::btf__add_str) btf_add_str asm("sockops_libbpf_btf__add_str");
extern decltype(::btf_dump__new) btf_dump_new asm("sockops_libbpf_btf_dump__new");
extern decltype(::btf_dump__free) btf_dump_free asm("sockops_libbpf_btf_dump__free");
extern decltype(::btf_dump__dump_type) btf_dump_type asm("sockops_libbpf_btf_dump__dump_type");
// clang-format on

} // namespace sockops::libbpf
