#!/bin/sh
# SPDX-License-Identifier: MIT
# bare.sh FOLDER TARBALL SOCKOPS-RUN OBJECT: the program out of the tarball names no interpreter and no library, and in a
# root that has nothing but it and the object it prints what the dynamically linked one prints here.
set -eu
folder=$1 tarball=$2 tool=$3 object=$4
rm -rf "$folder"
mkdir -p "$folder/root"
tar -xzf "$tarball" -C "$folder" --strip-components=1
mv "$folder/bin/sockops-run" "$folder/root/run"
cp "$object" "$folder/root/program.o"

if readelf --program-headers --wide "$folder/root/run" | grep -E 'INTERP|DYNAMIC'; then
	echo "it is linked dynamically"
	exit 1
fi
in_root="chroot $folder/root"
if ! chroot / true 2>/dev/null; then
	in_root="unshare --map-root-user $in_root"
	unshare --map-root-user chroot / true 2>/dev/null || {
		echo "skipped: neither root nor a namespace of users for chroot"
		exit 0
	}
fi
cd "$folder/root"
"$tool" program.o --maps >../here.txt
$in_root /run program.o --maps >../bare.txt
diff ../here.txt ../bare.txt
[ "$(wc -l <../bare.txt)" -gt 20 ]
