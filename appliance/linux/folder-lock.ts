import { openSync } from 'node:fs'
import { constants } from 'node:os'
import { checked } from './kernel-error.ts'
import { native } from './native/binding.ts'

/**
 * Makes this process the folder's only holder until it ends, however that happens. The folder
 * itself is locked: nothing is written, so a disk that is full or read-only can be locked too.
 * False: another process has it.
 */
export function lockFolder(path: string): boolean {
  const result = native().lockFile(openSync(path, 'r'))
  if (result === -constants.errno.EAGAIN) return false
  checked(result, { op: 'lock the folder', target: path })
  return true
}
