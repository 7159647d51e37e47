import { globSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

const dist = resolve(import.meta.dirname, '../../dist')

/** The raw disk image that was built last. */
export const newestImage = (): string => {
  const images = globSync(join(dist, 'diarch-*.img'))
  const newest = images.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]
  if (newest) return newest
  throw new Error('there is no disk image in dist: make one with ./build.sh')
}
