import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SlotName } from '../status/document.ts'

export type SlotPartition = { readonly path: string; readonly size: number }

/** The kernel counts in these, whatever the disk does. */
const sector = 512

/** On the disk that the box has booted from: another one with Diarch on it may be plugged in. */
export async function slotPartition(
  slot: SlotName,
  bootDir = '/run/diarch/boot',
): Promise<SlotPartition> {
  const disk = (await readFile(join(bootDir, 'disk'), 'utf8')).trim()
  const folder = join('/sys/class/block', disk)
  for (const name of await readdir(folder)) {
    const uevent = await readFile(join(folder, name, 'uevent'), 'utf8').catch(() => '')
    if (!uevent.split('\n').includes(`PARTNAME=diarch-${slot}`)) continue
    const sectors = Number(await readFile(join(folder, name, 'size'), 'utf8'))
    return { path: join('/dev', name), size: sectors * sector }
  }
  throw new Error(`the boot disk ${disk} has no partition diarch-${slot}: flash it again`)
}
