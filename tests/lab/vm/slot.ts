import { execFileSync } from 'node:child_process'
import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { VmDisk } from './disk.ts'
import { scratchFolder, type TestContext } from './scratch.ts'

const slotScript = resolve(import.meta.dirname, '../../../image/slot.sh')

/**
 * Takes a slot apart, changes its files, and writes it as a new slot, made by the same script as
 * the image's own. The product has no way in for tests; what a test needs it adds to its copy.
 */
export const rewriteSlot = (
  t: TestContext,
  disk: VmDisk,
  { from, to }: { readonly from: 'diarch-a' | 'diarch-b'; readonly to: 'diarch-a' | 'diarch-b' },
  change: (root: string) => void,
): void => {
  const folder = scratchFolder(t)
  const [root, slot] = [join(folder, 'root'), join(folder, 'slot')]
  const source = ['-offset', `${disk.partition(from).offset}`, '-dest', root, disk.path]
  execFileSync('unsquashfs', ['-quiet', '-no-progress', ...source], { stdio: 'pipe' })
  change(root)
  const env = { ...process.env, SOURCE_DATE_EPOCH: '1000000000' }
  execFileSync('bash', [slotScript, root, slot], { stdio: 'pipe', env })
  disk.writeFile(to, slot)
  rmSync(folder, { recursive: true })
}

/** A root shell on the second serial line: see root-shell.ts. */
export const addRootShell = (root: string): void => {
  appendFileSync(join(root, 'etc/inittab'), 'ttyS1::respawn:/bin/sh\n')
}

/** PID 1 is this shell script instead. */
export const replaceInit = (root: string, script: string): void => {
  const init = join(root, 'usr/bin/init')
  // It is a link to busybox: what it points to must stay.
  rmSync(init)
  writeFileSync(init, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}
