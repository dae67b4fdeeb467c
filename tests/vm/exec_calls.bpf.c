// SPDX-License-Identifier: MIT
// A program of two functions in one section, for sockops-exec --elf.

__attribute__((noinline)) int scaled(int value, int by);

__attribute__((section("program"), used)) long run(const unsigned char* memory, unsigned long length) {
	return length == 0 ? 0 : scaled(memory[length - 1], 3) + 1;
}

__attribute__((section("program"), noinline)) int scaled(int value, int by) {
	__asm__ volatile("" : "+r"(by));
	return value * by;
}
