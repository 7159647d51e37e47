import { createWriteStream } from 'node:fs'
import type { EnsembleEffect, EnsembleInput } from '../vrrp/ensemble.ts'
import { RecordingWriter } from '../vrrp/recording.ts'

/** A disk that does not keep up must not make us grow: then the recording ends. */
const mostHeldBytes = 4 * 1024 * 1024

/** Writes down all that goes in and comes out, for a replay; null when nobody asked. */
export function openRecorder(
  path: string | undefined,
): ((input: EnsembleInput, effects: readonly EnsembleEffect[]) => void) | null {
  if (path === undefined || path === '') return null
  const writer = new RecordingWriter()
  const file = createWriteStream(path, { mode: 0o600 })
  let writing = true
  const end = (why: string): void => {
    if (writing) console.error(`the recording in ${path} ends: ${why}`)
    writing = false
    file.end()
  }
  file.on('error', error => end(error.message))
  file.write(writer.begin())
  return (input, effects) => {
    if (!writing) return
    if (file.writableLength > mostHeldBytes) end('the disk does not keep up')
    else file.write(writer.line(input, effects))
  }
}
