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
  [['--vip', '192.0.2.100/24'], /"192\.0\.2\.100\/24": .*: --vip 192\.0\.2\.100$/m],
  [['--vip', '192.0.2.300'], /"192\.0\.2\.300": 300 is more than 255: expected an IPv4 or IPv6/],
  [['--vip', '192.0.2'], /"192\.0\.2": it is no IP address: expected an IPv4 or IPv6 address such/],
  [['--vip', '224.0.0.18'], /"224\.0\.0\.18": a multicast address is no virtual server/],
  [['--vip', '$(reboot)'], /"\$\(reboot\)": it is no IP address/],
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
