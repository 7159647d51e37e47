/** Run inside a kernel by lab.test.ts, which knows what has to come back. */
import { execFileSync } from 'node:child_process'
import { openSync, readdirSync } from 'node:fs'
import { test } from 'node:test'

test('watchdog', async () => {
  const watchdogs = () => readdirSync('/dev').filter(name => /^watchdog\d+$/.test(name))
  const others = watchdogs()
  execFileSync('modprobe', ['softdog', 'soft_margin=1'])
  openSync(`/dev/${watchdogs().find(name => !others.includes(name))}`, 'w')
  await new Promise(() => setInterval(() => {}, 1000))
})
