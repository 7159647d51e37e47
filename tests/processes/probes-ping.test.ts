import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { inOwnNetwork } from './own-network.ts'
import {
  asked,
  blackHoles,
  descriptors,
  fails,
  hole,
  nowhere,
  passes,
  target,
} from './probes-lab.ts'

const ping = (size: number) => ({ kind: 'ping', size }) as const
const six = { address: ipAddress('::1') }

inOwnNetwork(import.meta.filename, () => {
  blackHoles()
  // The range of groups that may have ping sockets: none, and all. It is the namespace's own.
  for (const [title, groups] of [
    ['raw sockets', '1\t0'],
    ['ping sockets', '0\t2147483647'],
  ] as const) {
    const prepare = (): void => writeFileSync('/proc/sys/net/ipv4/ping_group_range', groups)

    test(`${title}: an echo`, async () => {
      prepare()
      for (const size of [0, 1, 56, 1400]) {
        const words = new RegExp(`^echo of ${size} bytes in [\\d.]+ ms$`)
        await passes(ping(size), target(null), words)
        await passes(ping(size), target(null, six), words)
      }
    })

    test(`${title}: from an address and by an interface`, async () => {
      prepare()
      await passes(ping(8), target(null, { source: ipAddress('127.0.0.9') }), /^echo/)
      await passes(ping(8), target(null, { interface: 'lo' }), /^echo/)
      await fails(ping(8), target(null, { interface: 'hole' }), 'timeout', /no answer from 127/)
    })

    test(`${title}: nobody answers, no way`, async () => {
      prepare()
      await fails(ping(8), target(null, hole), 'timeout', /^no answer from 10\.9\.0\.2 in time$/)
      await fails(ping(8), target(null, nowhere), 'unreachable', /10\.8\.0\.1/)
    })

    test(`${title}: many at once each hear their own, and nothing stays open`, async () => {
      prepare()
      await asked(ping(8), target(null))
      const before = descriptors().length
      const all = await Promise.all(
        Array.from({ length: 50 }, (_, size) => [
          asked(ping(size), target(null)),
          asked(ping(size), target(null, hole), 200),
        ]).flat(),
      )
      assert.equal(all.filter(({ kind }) => kind === 'passed').length, 50)
      assert.equal(descriptors().length, before)
    })
  }

  test('with a mark', async () => {
    execFileSync('ip', ['rule', 'add', 'fwmark', '9', 'unreachable', 'pref', '5'])
    await fails(ping(8), target(null, { ...hole, mark: 9 }), 'unreachable', /10\.9\.0\.2/)
  })
})
