import { execFile } from 'node:child_process'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { boxSite, withEsp } from './esp.ts'

export type AnswerFile = { readonly from: string; readonly text: string }

const fileName = 'diarch-setup.json'
const volumeDir = '/run/diarch/volume'
const fromQemu = '/sys/firmware/qemu_fw_cfg/by_name/opt/org.diarch/setup/raw'

/** FAT has its labels in capitals as a rule. */
const labels = ['DIARCH', 'cidata', 'CIDATA']

/** Nothing on the volume is executed or written, no journal either. */
const harmless = 'ro,nosuid,nodev,noexec'
const fileSystems = [
  ['vfat', harmless],
  ['iso9660', harmless],
  ['ext4', `${harmless},noload`],
] as const

/** As long as a change over the API may be. */
const longest = 16 * 1024 * 1024

/**
 * The file with which somebody sets this box up from outside: from QEMU, on a volume labelled
 * DIARCH or cidata (NoCloud), or on the ESP. Null: there is none, or not yet, as a USB stick needs
 * a moment. Throws when one is there and cannot be read.
 */
export async function findAnswerFile(): Promise<AnswerFile | null> {
  const given = await readWhereThere(fromQemu)
  if (given !== null) return { from: 'QEMU (opt/org.diarch/setup)', text: given }
  for (const label of labels) {
    const device = await deviceOf(label)
    if (device === null) continue
    const text = await withVolume(device, () => readWhereThere(join(volumeDir, fileName)))
    if (text !== null) return { from: `${fileName} on the volume ${label}`, text }
  }
  const text = await withEsp(boxSite, 'ro', folder => readWhereThere(join(folder, fileName)))
  return text === null ? null : { from: `${fileName} on the ESP`, text }
}

async function readWhereThere(path: string): Promise<string | null> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
  if (file === null) return null
  try {
    const { size } = await file.stat()
    if (size > longest) throw new Error(`${path} has ${size} bytes: expected ${longest} at most`)
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

const busybox = async (...command: readonly string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)('/bin/busybox', command, { timeout: 30_000 })
  return stdout.trim()
}

const deviceOf = (label: string): Promise<string | null> =>
  busybox('findfs', `LABEL=${label}`).catch(() => null)

async function withVolume<T>(device: string, work: () => Promise<T>): Promise<T> {
  await mkdir(volumeDir, { recursive: true })
  await mounted(device)
  try {
    return await work()
  } finally {
    await busybox('umount', volumeDir)
  }
}

async function mounted(device: string): Promise<void> {
  const whys: string[] = []
  for (const [type, options] of fileSystems) {
    try {
      await busybox('modprobe', '-q', type === 'iso9660' ? 'isofs' : type).catch(() => '')
      await busybox('mount', '-t', type, '-o', options, device, volumeDir)
      return
    } catch (error) {
      whys.push(error instanceof Error ? error.message.trim() : String(error))
    }
  }
  throw new Error(`${device} cannot be mounted: ${whys.join('; ')}`)
}
