import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

const main = new URL('../../appliance/cli/main.ts', import.meta.url).pathname
const diarch = (...args: readonly string[]) =>
  spawnSync(process.execPath, [main, 'realserver-script', ...args], { encoding: 'utf8' })

test('prints a script of sh, and nothing else', () => {
  const { stdout, stderr, status } = diarch('--vip', '192.0.2.100', '2001:db8::100')
  assert.deepEqual([status, stderr], [0, ''])
  assert.match(stdout, /^#!\/bin\/sh\n/)
  assert.match(stdout, /192\.0\.2\.100\/32 lo\n.*2001:db8::100\/128 lo\n/)
})

for (const [args, words] of [
  [['--vip', '192.0.2.100/24'], /"192\.0\.2\.100\/24" .*without the prefix length/],
  [['--vip', '224.0.0.18'], /"224\.0\.0\.18" is no address of a virtual server/],
  [['--vip', '$(reboot)'], /"\$\(reboot\)" is no address/],
  [['--vip', '192.0.2.1', '--os', 'windows', '--method', 'tunnel'], /use direct routing/],
  [['--vip', '192.0.2.1', '--os', 'plan9'], /linux, systemd-networkd, netplan/],
  [[], /--vip/],
] as const) {
  test(`refused with 2 and the reason: ${args.join(' ')}`, () => {
    const { stdout, stderr, status } = diarch(...args)
    assert.deepEqual([status, stdout], [2, ''])
    assert.match(stderr, words)
  })
}
