/** Run inside a kernel by lab.test.ts, which knows what has to come back. */
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'

test('before', () => {})

test('the end', async t => {
  await t.test('a subtest that passed', () => {})
  await t.test('panic', () => {
    writeFileSync('/proc/sys/kernel/sysrq', '1')
    writeFileSync('/proc/sysrq-trigger', 'c')
  })
})
