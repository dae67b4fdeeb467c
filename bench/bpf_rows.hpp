// SPDX-License-Identifier: MIT
#pragma once

namespace bench {

void register_load_rows();
void register_map_rows();

} // namespace bench
