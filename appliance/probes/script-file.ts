import { lstat, readlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** As many as the kernel follows, path_resolution(7). */
const mostLinks = 40

/**
 * What is wrong with a script's file, and what to do about it; null when it may run. What root runs
 * must be root's alone, every folder on the way to it as well: who may write there would be root.
 */
export async function problemOf(path: string, asRoot: boolean): Promise<string | null> {
  if (!path.startsWith('/')) return `"${path}" is not an absolute path`
  const waiting = path.split('/')
  let links = 0
  let here = '/'
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    if (part === '..') {
      here = dirname(here)
      continue
    }
    here = part === '' || part === '.' ? here : join(here, part)
    let stat: Awaited<ReturnType<typeof lstat>>
    try {
      stat = await lstat(here)
    } catch (error) {
      return `${path} cannot be run: ${words(error, here)}`
    }
    const unsafe = asRoot ? unsafety(here, stat) : null
    if (unsafe !== null) return `${path} does not run as root: ${unsafe}`
    if (stat.isSymbolicLink()) {
      links += 1
      if (links > mostLinks) return `${path} cannot be run: its links lead in a circle`
      const target = await readlink(here)
      waiting.unshift(...target.split('/'))
      here = target.startsWith('/') ? '/' : dirname(here)
      continue
    }
    if (waiting.length > 0) continue
    if (!stat.isFile()) return `${path} cannot be run: it is not a file`
    if ((stat.mode & 0o111) === 0) {
      return `${path} cannot be run: its mode is ${octal(stat.mode)} (chmod +x ${here})`
    }
  }
  return null
}

type Mode = {
  readonly uid: number
  readonly gid: number
  readonly mode: number
  isDirectory(): boolean
  isSymbolicLink(): boolean
}

function unsafety(path: string, stat: Mode): string | null {
  const { uid, gid, mode } = stat
  if (uid !== 0) return `${path} belongs to user ${uid} (chown root ${path})`
  if (stat.isSymbolicLink()) return null
  const others = (mode & 0o002) !== 0 || (gid !== 0 && (mode & 0o020) !== 0)
  // In a sticky folder (/tmp) nobody can replace what is root's.
  const sticky = stat.isDirectory() && (mode & 0o1000) !== 0
  if (!others || sticky) return null
  return `${path} has mode ${octal(mode)}, others may write there (chmod go-w ${path})`
}

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0')

function words(error: unknown, path: string): string {
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOENT':
      return `there is no ${path}`
    case 'ENOTDIR':
      return `${dirname(path)} is not a folder`
    default:
      return message
  }
}
