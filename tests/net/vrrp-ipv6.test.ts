import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Host } from '../lab/namespaces/host.ts'
import { probe } from '../lab/namespaces/prober.ts'
import { neighbour, network, startPair, takeover, until } from './vrrp-network.ts'

const virtual = '2001:db8::100'
const addresses = { virtualAddresses: ['fe80::100/64', `${virtual}/64`] }

/** What the kernel says of the virtual address; empty when it is not there. */
const onHost = async (host: Host) =>
  /inet6 2001:db8::100\/.*/.exec(
    await host.must('ip', ['-6', 'address', 'show', 'dev', 'eth0']),
  )?.[0] ?? ''

const linkLocal = async (host: Host): Promise<string> =>
  (await host.addresses('eth0')).find(a => a.startsWith('fe80'))!.replace(/\/.*/, '')

/** The lab's hosts take addresses unseen; those here look for others first, as real ones do. */
const withDetection = async (host: Host): Promise<void> => {
  for (const scope of ['all', 'default', 'eth0']) {
    await host.must('sysctl', ['-qw', `net.ipv6.conf.${scope}.accept_dad=1`])
  }
}

test('IPv6: the address is usable at once, announced, and moves without a gap', async t => {
  const scene = await network(t)
  const { one, two, client, seen } = scene
  for (const host of [one, two]) await withDetection(host)
  const [from, to] = [await linkLocal(one), await linkLocal(two)] as const
  const { first, second } = await startPair(scene, addresses)
  const [mac, otherMac] = [await one.mac('eth0'), await two.mac('eth0')]

  const announced = await seen.untilAnnouncement(a => a.address === virtual)
  assert.deepEqual(
    [announced.by, announced.mac, announced.override],
    ['neighbour-advertisement', mac, true],
  )
  await seen.untilAnnouncement(a => a.address === 'fe80::100' && a.mac === mac)
  assert.doesNotMatch(await onHost(one), /tentative|dadfailed/)
  const prober = await probe(client, virtual)
  assert.equal(await neighbour(client, virtual), mac)

  const asked = Date.now()
  await first.cli('failover')
  const { lastPriority } = await takeover(seen, { from, to, since: asked })
  assert.equal(lastPriority, 0)
  await second.untilRouter('V1', 'MASTER')
  assert.match(await onHost(two), /2001:db8::100/)
  assert.doesNotMatch(await onHost(two), /tentative|dadfailed/)
  await until('it is gone', async () => (await onHost(one)) === '')
  const taken = await seen.untilAnnouncement(a => a.address === virtual && a.mac === otherMac)
  assert.equal(taken.override, true)
  assert.equal(await neighbour(client, virtual), otherMac)
  assert.equal(await client.pings(virtual), true)
  // Detection of duplicates would take a second.
  const longest = Math.max(0, ...prober.gaps().map(gap => gap.length))
  assert.ok(longest < 500, `${longest} ms without the address`)
})

test('IPv6: both were master and meet again, and no address is taken for a duplicate', async t => {
  const scene = await network(t)
  const { one, two, client, links, seen } = scene
  for (const host of [one, two]) await withDetection(host)
  const { first, second } = await startPair(scene, addresses)
  await client.pings(virtual)
  await links[0].silence('both')
  await second.untilRouter('V1', 'MASTER')
  assert.equal(await client.pings(virtual), true)
  assert.equal(await neighbour(client, virtual), await two.mac('eth0'))

  const healed = Date.now()
  await links[0].heal()
  await second.untilRouter('V1', 'BACKUP')
  await until('it is gone', async () => (await onHost(two)) === '')
  const mac = await one.mac('eth0')
  await seen.untilAnnouncement(a => a.address === virtual && a.mac === mac && a.time > healed)
  await until('the client knows', async () => (await neighbour(client, virtual)) === mac)
  assert.equal(await client.pings(virtual), true)
  assert.equal((await first.router('V1')).state, 'MASTER')
  assert.match(await onHost(one), /2001:db8::100/)
  assert.doesNotMatch(await onHost(one), /tentative|dadfailed/)
})

test('IPv6: the interface is set down and up, and the address is there again', async t => {
  const scene = await network(t)
  const { one, two } = scene
  const { first, second } = await startPair(scene, addresses)
  await one.must('ip', ['link', 'set', 'eth0', 'down'])
  await first.untilRouter('V1', 'FAULT')
  await second.untilRouter('V1', 'MASTER')
  await one.must('ip', ['link', 'set', 'eth0', 'up'])
  await first.untilRouter('V1', 'MASTER')
  await second.untilRouter('V1', 'BACKUP')
  await until('it is back', async () => (await onHost(one)) !== '')
  await until('only there', async () => (await onHost(two)) === '')
})
