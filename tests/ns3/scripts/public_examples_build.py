# SPDX-License-Identifier: MIT
"""Makes programs of ns-3's examples: "plain" ones, as they are, and "hooked" ones, whose first header is the adapter's. With
the same flags; and not anew, as long as nothing has changed that one was made of."""
import glob
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# Of ns-3's modules, those that most examples include: read once for all of them.
MODULES = ("core", "network", "internet", "applications", "point-to-point", "traffic-control", "flow-monitor", "csma")
FIRST_HEADER = {"plain": "sockops/ns3/core_module_in_cxx20.hpp", "hooked": "public_examples.hpp"}
FEW = 3  # programs that are compiled sooner than what they include


class Failed(Exception):
    """An example did not do what it must."""


def run(command, folder, **more):
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False, **more)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, content):
    """Not if it is there already: what is made of it need not be made anew."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if not os.path.exists(path) or read(path) != content:
        with open(path, "wb") as file:
            file.write(content)


class Builder:
    """A program's sources are a tuple of paths in one folder; the first is the example's, and names the program."""

    def __init__(self, options):
        self.work = options.work
        self.compiler = options.compiler.split()
        self.library = options.library
        self.includes = [os.path.join(options.ns3, "include")] if options.ns3 else self.default_includes()
        # With ns-3's log: what many examples print is NS_LOG_UNCOND.
        self.flags = [f"-std={options.std}", "-O1", "-w", "-DNS3_LOG_ENABLE", f"-I{options.include}", f"-I{HERE}"]
        libraries = self.ns3_libraries(options.ns3)
        self.link = [self.library, "-Wl,--as-needed", *libraries, "-pthread"]
        if self.library.endswith(".so"):
            self.link.append(f"-Wl,-rpath,{os.path.dirname(self.library)}")
        if options.ns3:
            self.flags.append(f"-I{self.includes[0]}")
            self.link.append(f"-Wl,-rpath,{os.path.dirname(libraries[0])}")
        if shutil.which("ld.gold"):  # three times as fast
            self.link.append("-fuse-ld=gold")
        self.prefix = {kind: self.prefix_header(kind, first) for kind, first in FIRST_HEADER.items()}

    def default_includes(self):
        said = run([*self.compiler, "-x", "c++", "-E", "-v", "/dev/null"], None).stderr.decode()
        return re.findall(r"^ (/\S+)$", said, re.M)

    def ns3_libraries(self, prefix):
        if prefix:
            folders = [os.path.join(prefix, each) for each in ("lib", "lib64", "lib/*")]
        else:
            core = run([*self.compiler, "-print-file-name=libns3-core.so"], None).stdout.decode().strip()
            folders = [os.path.dirname(core) or "/nowhere"]
        found = [each for folder in folders for each in glob.glob(os.path.join(folder, "libns3*.so"))]
        if not found:
            sys.exit(f"public_examples.py: no libns3*.so {'in ' + prefix if prefix else 'where the compiler looks'}: "
                     "install ns-3 (Debian: libns3-dev), or give its folder with --ns3")
        return sorted(found)

    def has(self, header):
        return any(os.path.exists(os.path.join(folder, header)) for folder in self.includes)

    def prefix_header(self, kind, first):
        """What all programs of a kind include first."""
        modules = filter(self.has, (f"ns3/{each}-module.h" for each in MODULES))
        path = os.path.join(self.work, kind + ".hpp")
        write(path, "".join(f"#include <{each}>\n" for each in (first, *modules)).encode())
        return path

    def command(self, kind, sources):
        made = self.made_of(sources)
        names = [os.path.basename(each) for each in sources]
        return [*self.compiler, *self.flags, "-include", self.prefix[kind], *names, *self.link, "-o", os.path.basename(made)]

    @staticmethod
    def made_of(sources):
        return os.path.splitext(sources[0])[0]

    def used_by(self, kind, sources):
        """All files that a program is made of."""
        rule = read(self.prefix[kind] + ".d").decode().replace("\\\n", " ")
        return [self.library, *sources, *rule.split(":", 1)[1].split()]

    def fresh(self, kind, sources):
        """Is it there, by this command, and newer than all it was made of?"""
        made = self.made_of(sources)
        try:
            if read(made + ".command").decode() != repr(self.command(kind, sources)):
                return False
            age = os.stat(made).st_mtime_ns
            return all(os.stat(each).st_mtime_ns < age for each in self.used_by(kind, sources))
        except OSError:
            return False

    def prepare(self, kind, programs):
        """For so many programs to come."""
        header = self.prefix[kind]
        if programs > FEW:
            self.compile([*self.compiler, *self.flags, "-x", "c++-header", header, "-MD", "-MF", header + ".d", "-o", header + ".gch"])
        elif programs:
            self.compile([*self.compiler, *self.flags, "-x", "c++-header", header, "-M", "-MF", header + ".d"])

    def program(self, kind, sources):
        made = self.made_of(sources)
        if not self.fresh(kind, sources):
            command = self.command(kind, sources)
            self.compile(command, os.path.dirname(made))
            write(made + ".command", repr(command).encode())
        return made

    def compile(self, command, folder=None):
        done = run(command, folder or self.work)
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").splitlines()
            errors = [line for line in said if re.search(r"error|undefined", line)]
            raise Failed("does not compile: " + "\n    ".join((errors or said)[:3]))

    def forget_precompiled(self):
        """They are 200 MB each."""
        for header in self.prefix.values():
            if os.path.exists(header + ".gch"):
                os.remove(header + ".gch")
