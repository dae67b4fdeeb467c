/* SPDX-License-Identifier: MIT */
/* What a natively compiled program tells about itself: names and places of its maps, functions and variables, and the
 * object file of the same source. Written by sockops_native_table; C, and C++. */
#ifndef SOCKOPS_NATIVE_TABLE_H
#define SOCKOPS_NATIVE_TABLE_H

#ifdef __cplusplus
extern "C" {
#endif

enum sockops_native_kind {
	sockops_native_map,
	sockops_native_prog,
	sockops_native_variable, /* of .data or .bss */
	sockops_native_constant, /* of .rodata: set before load() alone */
	sockops_native_kconfig	 /* extern … __kconfig: set by load() */
};

struct sockops_native_symbol {
	const char *name;
	enum sockops_native_kind kind;
	void *address; /* of a program: the function */
	unsigned long size; /* bytes; of a program 0 */
};

struct sockops_native_table {
	const char *name; /* by which it is loaded */
	const unsigned char *object, *object_end; /* the object file */
	const struct sockops_native_symbol *symbols;
	unsigned long symbol_count;
	struct sockops_native_table *next; /* of the process's list */
};

/* Called before main() for each program that is linked. */
void sockops_native_register(struct sockops_native_table *table);

#ifdef __cplusplus
}
#endif

#endif
