import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { labelSize } from '../../appliance/boot/slot-label.ts'
import { scratchFolder, type TestContext } from '../lab/vm/scratch.ts'

const slotScript = resolve(import.meta.dirname, '../../image/slot.sh')

/**
 * A slot as build.sh delivers it, with the label first. Kernel and initial RAM disk are all that is
 * in it: an emulated machine takes minutes for the whole, and what comes then is tested without.
 */
export function deliveredSlot(t: TestContext, root: string): Buffer {
  const folder = scratchFolder(t)
  const [small, slot] = [join(folder, 'root'), join(folder, 'slot')]
  cpSync(join(root, 'boot'), join(small, 'boot'), { recursive: true })
  mkdirSync(join(small, 'usr/lib/diarch'), { recursive: true })
  const release = readFileSync(join(root, 'usr/lib/diarch/release'), 'utf8')
  const other = release.replace(/^VERSION=.*$/m, 'VERSION=0.2.0')
  writeFileSync(join(small, 'usr/lib/diarch/release'), other)
  const env = { ...process.env, SOURCE_DATE_EPOCH: '1000000000' }
  execFileSync('bash', [slotScript, small, slot], { stdio: 'pipe', env })
  const bytes = readFileSync(slot)
  return Buffer.concat([bytes.subarray(-labelSize), bytes.subarray(0, -labelSize)])
}
