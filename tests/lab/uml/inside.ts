/**
 * Runs one test file and writes each result down at once, to a file of the host: hostfs writes
 * through, so a result is safe before the next test starts, which may crash this kernel.
 */
import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { run } from 'node:test'
import type { InsideError, InsideEvent } from './event.ts'

const [file = '', results = ''] = process.argv.slice(2)
const out = openSync(results, 'w')

const say = (event: InsideEvent): void => {
  writeSync(out, `${JSON.stringify(event)}\n`)
}

for (const stream of [process.stdout, process.stderr]) {
  stream.write = (text: string | Uint8Array) => {
    say({ kind: 'said', text: String(text) })
    return true
  }
}

const readError = (thrown: Error & { failureType?: string }): InsideError => {
  const { message, stack = message } = thrown.cause instanceof Error ? thrown.cause : thrown
  return { message, stack, ofSubtests: thrown.failureType === 'subtestsFailed' }
}

// In one process, because results would otherwise wait in the pipe between two.
const hooks = join(import.meta.dirname, 'every-test.ts')
const events = run({ files: [hooks, file], isolation: 'none', concurrency: false })
for await (const { type, data } of events) {
  switch (type) {
    case 'test:dequeue':
      say({ kind: 'started', name: data.name, nesting: data.nesting })
      break
    case 'test:pass':
    case 'test:fail': {
      const { name, nesting, details } = data
      // A file without tests of its own counts as a test.
      if (name === hooks) break
      const skip = data.skip === undefined || data.skip === false ? null : String(data.skip)
      const error = 'error' in details ? readError(details.error) : null
      say({ kind: 'ended', name, nesting, milliseconds: details.duration_ms, skip, error })
      break
    }
  }
}
say({ kind: 'complete' })
