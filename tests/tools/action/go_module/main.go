// SPDX-License-Identifier: MIT
// conntune attaches bpf/tune.c to a cgroup, as a program of a Go module would.
package main

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go -target bpfel tune bpf/tune.c

import (
	"log"
	"os"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: conntune CGROUP")
	}
	loaded, err := ebpf.LoadCollection("bpf/tune.o")
	if err != nil {
		log.Fatal(err)
	}
	defer loaded.Close()
	attached, err := link.AttachCgroup(link.CgroupOptions{
		Path:    os.Args[1],
		Attach:  ebpf.AttachCGroupSockOps,
		Program: loaded.Programs["tune"],
	})
	if err != nil {
		log.Fatal(err)
	}
	defer attached.Close()
	select {}
}
