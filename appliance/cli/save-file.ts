import { closeSync, fchmodSync, openSync, writeFileSync } from 'node:fs'
import { fileTrouble } from './file-trouble.ts'

/** A file that is there already may be open to all: it is closed before anything is in it. */
export function saveForOwner(path: string, content: string | Uint8Array): void {
  try {
    const file = openSync(path, 'w', 0o600)
    try {
      fchmodSync(file, 0o600)
      writeFileSync(file, content)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw fileTrouble(error, path, 'written')
  }
}
