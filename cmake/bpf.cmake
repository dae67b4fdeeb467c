# SPDX-License-Identifier: MIT
# eBPF objects: sockops::map (maps), and where libbpf is found sockops::bpf, which loads and runs object files.

# Maps of eBPF programs, by their types.
add_library(sockops_map STATIC
	src/map/array_map.cpp
	src/map/attributes.cpp
	src/map/bpf_map.cpp
	src/map/create.cpp
	src/map/hash_map.cpp
	src/map/hash_steps.cpp
	src/map/hash_table.cpp
	src/map/lru_hash_map.cpp
	src/map/map_value.cpp
	src/map/percpu_array_map.cpp
	src/map/percpu_hash_map.cpp
	src/map/percpu_values.cpp
	src/map/perf_event_array.cpp
	src/map/prog_array.cpp
	src/map/reserved_memory.cpp
	src/map/ring_buffer.cpp
	src/map/socket_map_adapters.cpp)
add_library(sockops::map ALIAS sockops_map)
file(GLOB map_headers CONFIGURE_DEPENDS include/sockops/map/*.hpp)
target_sources(sockops_map PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${map_headers})
target_link_libraries(sockops_map PUBLIC sockops)
set_target_properties(sockops_map PROPERTIES EXPORT_NAME map
	POSITION_INDEPENDENT_CODE ON VERIFY_INTERFACE_HEADER_SETS ON)
sockops_own_code(sockops_map)
