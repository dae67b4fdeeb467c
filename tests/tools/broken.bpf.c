// SPDX-License-Identifier: MIT
// No C.
int this is none;
