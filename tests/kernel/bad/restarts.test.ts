/** Run inside a kernel by lab.test.ts, which knows what has to come back. */
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'

test('restart', () => {
  execFileSync('busybox', ['reboot', '-f'])
})
