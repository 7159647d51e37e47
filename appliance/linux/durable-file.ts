import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** After a power cut there is the old content or the new one, after a failure the old one. */
export function writeDurably(path: string, content: string | Uint8Array, mode = 0o600): void {
  const unfinished = `${path}.new`
  const file = openSync(unfinished, 'w', mode)
  try {
    try {
      writeFileSync(file, content)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(unfinished, path)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
  syncFolderOf(path)
}

/** After a power cut the file is there or not, once this has returned it is not. */
export function removeDurably(path: string): void {
  rmSync(path, { force: true })
  syncFolderOf(path)
}

function syncFolderOf(path: string): void {
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
