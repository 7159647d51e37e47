#!/usr/bin/env bash
# libraries.sh ROOT: every program and library in ROOT finds the libraries and the loader that it
# asks for; else it names those that do not. Dependencies of packages are not followed, so nothing
# but this notices a library that rootfs/programs.list forgot.
set -euo pipefail

root=$(realpath "$1")
programs() {
  find "$root" -type f ! -path "$root/usr/lib/modules/*" ! -path "$root/usr/lib/firmware/*" \
    ! -path "$root/boot/*" -print0 |
    xargs -0 file --no-pad | awk -F: '/ELF 64-bit/ { print $1 }'
}
missing=$(programs | while read -r program; do
  name=${program#"$root"/}
  readelf -d "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | while read -r library; do
    [ -e "$root/usr/lib/x86_64-linux-gnu/$library" ] || [ -e "$root/usr/lib64/$library" ] ||
      echo "$name needs $library, which no line of rootfs/programs.list brings"
  done
  loader=$(readelf -l "$program" | sed -n 's/.*program interpreter: \(.*\)\]/\1/p')
  # /lib64 is a link to usr/lib64.
  [ -z "$loader" ] || [ -e "$root/usr$loader" ] ||
    echo "$name needs $loader, which no line of rootfs/programs.list brings"
done)
if [ -n "$missing" ]; then
  sort -u <<<"$missing" >&2
  exit 1
fi
