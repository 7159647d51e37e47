import { readFileSync, realpathSync } from 'node:fs'

/**
 * The mount point below which nothing may be executed and the file lies; null: it may, or nobody
 * knows. The kernel says EACCES for it, as for a missing right (execve(2)).
 */
export function noexecMountOf(path: string): string | null {
  try {
    const real = realpathSync(path)
    const mounts = mountsIn(readFileSync('/proc/self/mounts', 'utf8'))
    // The deepest one has it; of several at the same place the last one hides the others.
    const on = mounts
      .filter(({ point }) => isBelow(real, point))
      .reduce((best, each) => (each.point.length >= best.point.length ? each : best), nowhere)
    return on.options.includes('noexec') ? on.point : null
  } catch {
    return null
  }
}

type Mount = { readonly point: string; readonly options: readonly string[] }
const nowhere: Mount = { point: '', options: [] }

const isBelow = (path: string, point: string): boolean =>
  path.startsWith(point.endsWith('/') ? point : `${point}/`)

/** DEVICE POINT TYPE OPTIONS 0 0, with octal numbers for what would part them: proc_mounts(5). */
const mountsIn = (text: string): readonly Mount[] =>
  text.split('\n').flatMap(line => {
    const [, point, , options] = line.split(' ')
    return point === undefined || options === undefined
      ? []
      : [{ point: plain(point), options: options.split(',') }]
  })

/** Blanks, tabs, line breaks and backslashes: the kernel leaves all else as it is. */
const plain = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  )
