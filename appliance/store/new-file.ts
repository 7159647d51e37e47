import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { syncFolder } from '../linux/durable-file.ts'

export const unfinished = '.new'

/**
 * Whole and on the disk when it returns true. False: there is such a file already, and it is left
 * alone; `rename` would replace what another writer has just been told is safe. When it throws
 * there is no new file.
 */
export function createDurably(path: string, content: string): boolean {
  makeFolder(dirname(path))
  const draft = `${path}.${randomBytes(6).toString('hex')}${unfinished}`
  try {
    writeAndSync(draft, content)
    linkSync(draft, path)
  } catch (error) {
    forget(draft)
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  forget(draft)
  try {
    syncFolder(dirname(path))
  } catch (error) {
    forget(path)
    throw error
  }
  return true
}

/** A folder that a power cut takes away takes along what is in it. */
function makeFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = path; made !== dirname(first); made = dirname(made)) syncFolder(dirname(made))
}

function writeAndSync(path: string, content: string): void {
  // `wx`: a file of the same name belongs to somebody else.
  const file = openSync(path, 'wx', 0o600)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** A file that cannot be removed takes room and does no harm. */
export function forget(path: string): void {
  try {
    unlinkSync(path)
  } catch {}
}
