import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'

/** As a whole or not at all, whenever the power goes. */
export function writeKept(path: string, kept: unknown): void {
  const file = openSync(`${path}.new`, 'w', 0o600)
  try {
    writeSync(file, JSON.stringify(kept))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(`${path}.new`, path)
}
