import { execFile } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Where early boot left its facts, and where the EFI system partition (ESP) is mounted. */
export type BootSite = {
  readonly bootDir: string
  readonly espDir: string
  readonly commandLineFile: string
  readonly filesystem: string
  /** Runs `mount` and `umount`: a path and first arguments. */
  readonly busybox: readonly [string, ...string[]]
}

export const boxSite: BootSite = {
  bootDir: '/run/diarch/boot',
  espDir: '/run/diarch/esp',
  commandLineFile: '/proc/cmdline',
  filesystem: 'vfat',
  busybox: ['/bin/busybox'],
}

const run = async (site: BootSite, ...command: string[]): Promise<void> => {
  const [program, ...first] = site.busybox
  try {
    await promisify(execFile)(program, [...first, ...command], { timeout: 30_000 })
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string }
    throw new Error(`${command.join(' ')}: ${stderr?.trim() || message}`, { cause: error })
  }
}

const isMounted = async (directory: string): Promise<boolean> =>
  (await readFile('/proc/self/mounts', 'utf8'))
    .split('\n')
    .some(line => line.split(' ')[1] === directory)

const mounted = async <T>(
  site: BootSite,
  mode: 'ro' | 'rw',
  work: (directory: string) => Promise<T>,
): Promise<T> => {
  const device = (await readFile(join(site.bootDir, 'esp'), 'utf8')).trim()
  await mkdir(site.espDir, { recursive: true })
  // A supervisor that was killed at the wrong moment left it mounted.
  if (await isMounted(site.espDir)) await run(site, 'umount', site.espDir)
  const options = `${mode},sync,noatime`
  await run(site, 'mount', '-t', site.filesystem, '-o', options, device, site.espDir)
  try {
    return await work(site.espDir)
  } finally {
    await run(site, 'umount', site.espDir)
  }
}

let lastUse: Promise<unknown> = Promise.resolve()

/**
 * Does the work while the ESP is mounted: one after the other, and never longer than the work
 * takes, because FAT does not survive a power cut in a write elsewhere on it. Read-only leaves no
 * trace.
 */
export const withEsp = <T>(
  site: BootSite,
  mode: 'ro' | 'rw',
  work: (directory: string) => Promise<T>,
): Promise<T> => {
  const use = lastUse.then(() => mounted(site, mode, work))
  lastUse = use.catch(() => undefined)
  return use
}
