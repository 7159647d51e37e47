#!/usr/bin/env bash
# modules.sh ALL LIST OUT: copies the modules that LIST names, and all that they depend on, from
# ALL (…/lib/modules/RELEASE of the kernel package, with modules.dep) to OUT/lib/modules/RELEASE.
# They are unpacked: what is compressed in the end is the download (docs/adr/0003-plain-slot.md).
set -euo pipefail

mkdir -p "$3"
all=$(realpath "$1") list=$(realpath "$2") out=$(realpath "$3")
release=$(basename "$all")
target=$out/lib/modules/$release
rm -rf "$target"
mkdir -p "$target"

# modules.dep has a line per module: "kernel/x/a.ko.xz: kernel/y/b.ko.xz ...".
wanted=$(awk '
  FNR == NR {
    if ($0 ~ /^(#|$)/) next
    if (sub(/^!/, "", $1)) without["kernel/" $1]
    else pattern[++patterns] = "kernel/" $1
    next
  }
  {
    name = $1; sub(/:$/, "", name)
    plain = name; sub(/\.xz$/, "", plain)
    needs = $0; sub(/^[^:]*: ?/, "", needs)
    for (left in without) if (index(plain, left) == 1) next
    for (i = 1; i <= patterns; i++)
      if (index(plain, pattern[i]) == 1 && (pattern[i] !~ /\.ko$/ || plain == pattern[i])) {
        used[i] = 1
        print name
        if (needs != "") { gsub(/ /, "\n", needs); print needs }
      }
  }
  END {
    for (i = 1; i <= patterns; i++)
      if (!used[i]) {
        print "no module of this kernel matches: " pattern[i] > "/dev/stderr"
        bad = 1
      }
    exit bad
  }' "$list" "$all/modules.dep" | sort -u)

(cd "$all" && cpio --quiet -pdm "$target") <<<"$wanted"
find "$target" -name '*.ko.xz' -print0 | xargs -0 -r -n 32 -P "$(nproc)" xz -d
cp "$all"/modules.{builtin,builtin.modinfo,order} "$target"
depmod --basedir "$out" "$release"
# busybox modprobe reads these three; the binary forms are for kmod.
find "$target" -maxdepth 1 -type f \
  ! -name modules.dep ! -name modules.alias ! -name modules.builtin -delete
