/* SPDX-License-Identifier: MIT */
/* <bpf/bpf_endian.h> for natively compiled programs: between the machine's byte order and the network's. */
#ifndef SOCKOPS_NATIVE_BPF_ENDIAN_H
#define SOCKOPS_NATIVE_BPF_ENDIAN_H

/* The compiler's own functions fold constants too. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define bpf_htons(x) __builtin_bswap16(x)
#define bpf_ntohs(x) __builtin_bswap16(x)
#define bpf_htonl(x) __builtin_bswap32(x)
#define bpf_ntohl(x) __builtin_bswap32(x)
#define bpf_cpu_to_be64(x) __builtin_bswap64(x)
#define bpf_be64_to_cpu(x) __builtin_bswap64(x)
#else
#define bpf_htons(x) ((unsigned short)(x))
#define bpf_ntohs(x) ((unsigned short)(x))
#define bpf_htonl(x) ((unsigned int)(x))
#define bpf_ntohl(x) ((unsigned int)(x))
#define bpf_cpu_to_be64(x) ((unsigned long long)(x))
#define bpf_be64_to_cpu(x) ((unsigned long long)(x))
#endif

#endif
