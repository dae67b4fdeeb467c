# SPDX-License-Identifier: MIT
# `layers`: those of include/sockops/README.md, in its order: what is below stands before.
file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/../../include/sockops/README.md layers REGEX "^\\| `[a-z0-9]+/` ")
list(TRANSFORM layers REPLACE "^[^`]*`([a-z0-9]+)/.*" "\\1")
