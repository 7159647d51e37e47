/** Run inside a kernel by lab.test.ts, which knows what has to come back. */
import { test } from 'node:test'

test('before', () => {})

test('leaves', () => {
  process.exit(7)
})
