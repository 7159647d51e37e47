import { existsSync } from 'node:fs'

/** UEFI for QEMU: the program, and the empty variables that each machine gets its own copy of. */
export type UefiFirmware = { readonly code: string; readonly variables: string }

// Debian and Ubuntu, Fedora, Arch.
const places: readonly UefiFirmware[] = [
  { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', variables: '/usr/share/OVMF/OVMF_VARS_4M.fd' },
  { code: '/usr/share/OVMF/OVMF_CODE.fd', variables: '/usr/share/OVMF/OVMF_VARS.fd' },
  { code: '/usr/share/edk2/ovmf/OVMF_CODE.fd', variables: '/usr/share/edk2/ovmf/OVMF_VARS.fd' },
  { code: '/usr/share/edk2/x64/OVMF_CODE.4m.fd', variables: '/usr/share/edk2/x64/OVMF_VARS.4m.fd' },
]

export const findUefi = (): UefiFirmware => {
  const found = places.find(place => existsSync(place.code) && existsSync(place.variables))
  if (found) return found
  throw new Error('UEFI firmware for QEMU (OVMF) is missing: apt install ovmf, or use BIOS')
}
