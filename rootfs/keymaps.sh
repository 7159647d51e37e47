#!/usr/bin/env bash
# keymaps.sh PACKAGES LIST OUT: makes OUT/NAME.bmap of each map in LIST, as busybox loadkmap reads
# it, with the loadkeys of the unpacked packages below PACKAGES. Needs neither root nor a console.
set -euo pipefail

packages=$(realpath "$1") list=$2 out=$3
maps=$packages/usr/share/keymaps
libraries=$packages/usr/lib/x86_64-linux-gnu

export LOADKEYS_INCLUDE_PATH=$maps/i386/include:$maps/include
for folder in qwerty qwertz azerty; do LOADKEYS_INCLUDE_PATH+=:$maps/i386/$folder; done

mkdir -p "$out"
sed -e 's/#.*//' -e '/^ *$/d' "$list" | while read -r name map; do
  # Its own C library: this machine's may be older.
  zcat "$maps/i386/$map.kmap.gz" |
    "$libraries/ld-linux-x86-64.so.2" --library-path "$libraries" \
      "$packages/usr/bin/loadkeys" --bkeymap - >"$out/$name.bmap" || {
    echo "no binary keymap of $map (rootfs/keymaps.list: $name)" >&2
    exit 1
  }
done
