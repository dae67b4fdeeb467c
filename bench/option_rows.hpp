// SPDX-License-Identifier: MIT
#pragma once

namespace bench {

void register_option_rows();

} // namespace bench
