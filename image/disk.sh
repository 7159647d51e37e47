#!/usr/bin/env bash
# disk.sh SLOT OUT: the whole disk as one sparse file, made without root, loop devices or mounts:
#
#   1  diarch-bios    1 MiB    GRUB's core for BIOS machines
#   2  diarch-esp    64 MiB    FAT32: EFI/BOOT/BOOTX64.EFI, grub/grub.cfg, grub/env1, grub/env2
#   3  diarch-a     512 MiB    a slot (image/slot.sh)
#   4  diarch-b     512 MiB    the other slot, empty
#   5  diarch-state 160 MiB    ext4; grown to the end of the disk at the first boot. No less: two
#                              block groups, so that there is a second superblock
set -euo pipefail

slot=$1 out=$2
here=$(dirname "$(realpath "$0")")
grub=/usr/lib/grub
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TZ=UTC MTOOLS_SKIP_CHECK=1

mib=$((1024 * 1024))
slot_mib=512 state_mib=160
[ "$(stat -c %s "$slot")" -le $((slot_mib * mib)) ] || {
  echo "the slot has $(stat -c %s "$slot") bytes and a slot partition $((slot_mib * mib))" >&2
  exit 1
}

modules=(part_gpt fat squash4 normal configfile linux boot loadenv test echo probe regexp serial
  terminal sleep reboot minicmd)
grub-mkimage --format=i386-pc --directory="$grub/i386-pc" --prefix='(,gpt2)/grub' \
  --output="$work/core.img" "${modules[@]}" biosdisk
grub-mkimage --format=x86_64-efi --directory="$grub/x86_64-efi" --prefix='(,gpt2)/grub' \
  --output="$work/BOOTX64.EFI" "${modules[@]}" efi_gop efi_uga all_video

environment() {
  printf '# GRUB Environment Block\nmagic=diarch1\norder=ab\na=ok\nb=empty\nlast=a\n'
  head -c 1024 /dev/zero | tr '\0' '#'
}
environment | head -c 1024 >"$work/env1"
cp "$work/env1" "$work/env2"
cp "$here/grub.cfg" "$work/grub.cfg"
touch --date="@$SOURCE_DATE_EPOCH" "$work"/*

truncate --size=$((64 * mib)) "$work/esp"
mkfs.vfat --invariant -F 32 -s 1 -n DIARCH-ESP "$work/esp" >/dev/null
mmd -i "$work/esp" ::EFI ::EFI/BOOT ::grub
mcopy -m -i "$work/esp" "$work/BOOTX64.EFI" ::EFI/BOOT/BOOTX64.EFI
mcopy -m -i "$work/esp" "$work/grub.cfg" "$work/env1" "$work/env2" ::grub/

truncate --size=$((state_mib * mib)) "$work/state"
mkdir "$work/empty"
touch --date="@$SOURCE_DATE_EPOCH" "$work/empty"
ids=d1a2c400-0000-4000-8000-00000000000
E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH mke2fs -q -t ext4 -b 4096 -L diarch-state -m 1 -I 256 \
  -O '^orphan_file,^metadata_csum_seed' -U ${ids}5 \
  -E "hash_seed=${ids}6,root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0" \
  -d "$work/empty" "$work/state"

# Everything begins on a whole MiB; sfdisk counts sectors of 512 bytes.
esp_at=2 slot_a_at=66 slot_b_at=$((66 + slot_mib)) state_at=$((66 + slot_mib * 2))
rm -f "$out.new"
truncate --size=$(((state_at + state_mib + 1) * mib)) "$out.new"
part() { # NUMBER NAME TYPE START SIZE (MiB)
  echo "start=$(($4 * 2048)), size=$(($5 * 2048)), type=$3, name=$2, uuid=$ids$1"
}
bios_boot=21686148-6449-6E6F-744E-656564454649
efi_system=C12A7328-F81F-11D2-BA4B-00A0C93EC93B
linux=0FC63DAF-8483-4772-8E79-3D69D8477DE4
sfdisk --quiet "$out.new" <<END
label: gpt
label-id: ${ids}0
$(part 1 diarch-bios $bios_boot 1 1)
$(part 2 diarch-esp $efi_system $esp_at 64)
$(part 3 diarch-a $linux $slot_a_at $slot_mib)
$(part 4 diarch-b $linux $slot_b_at $slot_mib)
$(part 5 diarch-state $linux $state_at $state_mib)
END

put() { dd if="$1" of="$out.new" bs=1M seek="$2" conv=notrunc,sparse status=none; }
put "$work/esp" $esp_at
put "$slot" $slot_a_at
put "$work/state" $state_at

# GRUB for BIOS, as its installer does it: boot.img goes to the first 440 bytes and is told the LBA
# of core.img (u64 at 0x5c; at 0x66 two nops keep the drive that the BIOS names); core.img's first
# sector is told the LBA of its rest (u64 at 500).
little_endian() { printf '%016x\n' "$1" | fold -w2 | tac | sed 's/^/\\x/' | tr -d '\n'; }
cp "$grub/i386-pc/boot.img" "$work/boot.img"
write_at() { dd of="$1" bs=1 seek=$(($2)) conv=notrunc status=none; }
printf %b "$(little_endian 2048)" | write_at "$work/boot.img" 0x5c
printf '\x90\x90' | write_at "$work/boot.img" 0x66
printf %b "$(little_endian 2049)" | write_at "$work/core.img" 500
dd if="$work/boot.img" of="$out.new" bs=440 count=1 conv=notrunc status=none
put "$work/core.img" 1
mv "$out.new" "$out"
