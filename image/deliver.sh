#!/usr/bin/env bash
# deliver.sh MADE OUT NAME: moves what a build has made from the folder MADE to OUT, where results
# lie. Forms of NAME that an earlier build left in OUT stay when they hold the same image as the new
# one; those that hold another one would lie about it, so they go.
set -euo pipefail

made=$1 out=$2 name=$3

(cd "$made" && sha256sum "$name".* >SHA256SUMS)
line_of() { awk -v file="$1" '$2 == file' "$2/SHA256SUMS" 2>/dev/null || true; }
same=0
[ "$(line_of "$name.img" "$out")" != "$(line_of "$name.img" "$made")" ] || same=1

stale=()
for ending in img.zst qcow2 vmdk ova; do
  file=$name.$ending
  if [ ! -e "$out/$file" ] || [ -e "$made/$file" ]; then continue; fi
  line=$(line_of "$file" "$out")
  if [ $same -eq 1 ] && [ -n "$line" ]; then
    printf '%s\n' "$line" >>"$made/SHA256SUMS"
  else
    stale+=("$file")
  fi
done
if [ ${#stale[@]} -gt 0 ]; then
  echo "  removed, because another image was in it: ${stale[*]}"
  (cd "$out" && rm -f -- "${stale[@]}")
fi

# The same image stays the same file, so that a box that was started from it goes on with what it
# has stored.
! cmp -s "$made/$name.img" "$out/$name.img" || rm "$made/$name.img"
mv "$made"/* "$out"
rmdir "$made"
