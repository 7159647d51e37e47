#!/usr/bin/env bash
# initrd.sh ALL OUT: makes the initial RAM disk from the unpacked Debian packages in ALL: busybox,
# the modules of rootfs/initrd/modules.list and rootfs/initrd/init. Not compressed: its files are
# the slot's own once more, and the compressor of the download sees that.
set -euo pipefail

all=$(realpath "$1") out=$2
here=$(dirname "$(realpath "$0")")
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

mkdir -p "$tree"/{bin,lib/diarch}
cp "$all/usr/bin/busybox" "$tree/bin/"
ln -s bin "$tree/sbin"
install -m755 "$here/initrd/init" "$tree/init"
install -m644 "$here/skeleton/usr/lib/diarch/boot-environment" "$here/initrd/watchdog" \
  "$tree/lib/diarch/"
"$here/modules.sh" "$all"/usr/lib/modules/* "$here/initrd/modules.list" "$tree"
find "$tree" -exec touch --no-dereference --date="@${SOURCE_DATE_EPOCH:?}" {} +
(cd "$tree" && find . -print0 | LC_ALL=C sort -z |
  cpio --quiet --null --create --format=newc --reproducible --owner=0:0) >"$out"
