#!/usr/bin/env bash
# formats.sh BASE LIST FAST: makes the other forms of BASE.img that LIST names (comma-separated):
# img (kept as it is), zst (the download), qcow2 (KVM, Proxmox), vmdk and ova (VMware, VirtualBox).
set -euo pipefail

base=$1 list=$2 fast=$3

ova() {
  local name work size
  name=$(basename "$base")
  work=$(mktemp -d)
  qemu-img convert -O vmdk -o subformat=streamOptimized "$base.img" "$work/$name.vmdk"
  size=$(stat -c %s "$base.img")
  sed -e "s/@NAME@/$name/g" -e "s/@SIZE@/$size/g" \
    -e "s/@VMDK_SIZE@/$(stat -c %s "$work/$name.vmdk")/g" \
    "$(dirname "$0")/machine.ovf" >"$work/$name.ovf"
  (cd "$work" && for file in "$name.ovf" "$name.vmdk"; do
    printf 'SHA256(%s)= %s\n' "$file" "$(sha256sum <"$file" | cut -d' ' -f1)"
  done >"$name.mf")
  # The .ovf must come first.
  tar --format=ustar --owner=0 --group=0 --mtime="@$SOURCE_DATE_EPOCH" -C "$work" \
    -cf "$base.ova" "$name.ovf" "$name.mf" "$name.vmdk"
  rm -rf "$work"
}

level=-18
[ "$fast" -eq 0 ] || level=-3
for format in ${list//,/ }; do
  case $format in
    img) ;;
    zst) zstd -q -f $level --long=27 -T2 "$base.img" -o "$base.img.zst" ;;
    qcow2) qemu-img convert -c -O qcow2 "$base.img" "$base.qcow2" ;;
    vmdk) qemu-img convert -O vmdk -o subformat=streamOptimized "$base.img" "$base.vmdk" ;;
    ova) ova ;;
    *)
      echo "there is no image format \"$format\": expected some of img,zst,qcow2,vmdk,ova" >&2
      exit 1
      ;;
  esac
done
