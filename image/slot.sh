#!/usr/bin/env bash
# slot.sh ROOT OUT: one slot as one file: a squashfs that holds kernel, initrd and root, nothing
# compressed (GRUB must read it, Node starts faster, the download is compressed as a whole:
# docs/adr/0003-plain-slot.md). Behind it, on a 4 KiB border, one 4 KiB block of text, its label,
# says what it is and carries its SHA-256, so that a copy on a disk can be checked at any time.
# DIARCH_SIGNING_KEY names a private key (ed25519, PEM) that signs the label
# (docs/adr/0026-upgrades.md).
set -euo pipefail

root=$1 out=$2
# shellcheck source=/dev/null
. "$root/usr/lib/diarch/release"

rm -f "$out.new"
# The order of files (slot.sort) brings the initrd next to the modules that it holds once more,
# within the 128 MiB that zstd looks back.
env -u SOURCE_DATE_EPOCH mksquashfs "$root" "$out.new" -noappend -no-recovery -no-progress -quiet \
  -noI -noD -noF -noX -no-xattrs -no-exports -b 128K -all-root \
  -mkfs-time "$SOURCE_DATE_EPOCH" -all-time "$SOURCE_DATE_EPOCH" \
  -sort "$(dirname "$(realpath "$0")")/slot.sort" >/dev/null
truncate --size=%4096 "$out.new"
size=$(stat -c %s "$out.new")
sum=$(sha256sum <"$out.new" | cut -d' ' -f1)
label=$(mktemp)
trap 'rm -f "$label" "$label.signature"' EXIT
{
  printf 'diarch-slot 1\nproduct=Diarch\narchitecture=x86_64\nversion=%s\ncommit=%s\n' \
    "$VERSION" "$COMMIT"
  # Tests take slots apart whose release file is of before.
  printf 'schema=%s\nsize=%s\nsha256=%s\n' "${SCHEMA:-0}" "$size" "$sum"
} >"$label"
if [ -n "${DIARCH_SIGNING_KEY:-}" ]; then
  openssl pkeyutl -sign -rawin -inkey "$DIARCH_SIGNING_KEY" -in "$label" -out "$label.signature"
  printf 'signature=%s\n' "$(base64 -w0 "$label.signature")" >>"$label"
fi
truncate --size=4096 "$label"
cat "$label" >>"$out.new"
mv "$out.new" "$out"
