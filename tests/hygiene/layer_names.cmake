# SPDX-License-Identifier: MIT
# The layers, from below.
set(layers kern sync net bpf map cgroup hook trace helper vm object native testing ns3 tools)
