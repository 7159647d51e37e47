import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Capture, capture } from '../lab/namespaces/capture.ts'
import { type Diarch, diarch } from '../lab/namespaces/diarch.ts'
import { type Keepalived, keepalived } from '../lab/namespaces/keepalived.ts'
import { config, downInterval, network, realTime, router, takeover } from './vrrp-network.ts'

/** A way to speak VRRP, in the words of both. */
type Flavour = {
  readonly name: string
  readonly version: 2 | 3
  readonly ours: object
  readonly theirs: string
  readonly addresses: (n: number) => readonly string[]
  readonly wire: { readonly destination: string; readonly password?: string }
}

const inet = (n: number) => [`192.0.2.${n}/24`, `192.0.2.${n + 50}/24`]
// Out of order on purpose: they have to be advertised as they are written.
const inet6 = (n: number) => [`fe80::${n}/64`, `2001:db8::${n + 50}/64`, `2001:db8::${n}/64`]

const password = {
  ours: { authentication: { password: 'secret' } },
  theirs: 'authentication { \n auth_type PASS \n auth_pass secret \n }',
}
const unicast = {
  ours: { unicast: { peers: ['192.0.2.2'] } },
  theirs: 'unicast_src_ip 192.0.2.2 \n unicast_peer { \n 192.0.2.1 \n }',
}
// keepalived 2.2.7 sends IPv6 unicast with a hop limit of 64.
const unicast6 = {
  ours: { source: '2001:db8::1', unicast: { peers: ['2001:db8::2'], leastTtl: 64 } },
  theirs: 'unicast_src_ip 2001:db8::2 \n unicast_peer { \n 2001:db8::1 \n }',
}
const group4 = { destination: '224.0.0.18' }
const peer4 = { destination: '192.0.2.2' }

const v2 = { version: 2, addresses: inet } as const
const v3 = { version: 3, addresses: inet } as const

const flavours: readonly Flavour[] = [
  { name: 'v3', ...v3, ours: {}, theirs: '', wire: group4 },
  { name: 'v3-unicast', ...v3, ...unicast, wire: peer4 },
  {
    name: 'v3-own-group',
    ...v3,
    ours: { multicastGroup: '224.0.0.99' },
    theirs: 'mcast_dst_ip 224.0.0.99',
    wire: { destination: '224.0.0.99' },
  },
  {
    name: 'v3-inet6',
    version: 3,
    addresses: inet6,
    ours: {},
    theirs: '',
    wire: { destination: 'ff02::12' },
  },
  {
    name: 'v3-inet6-unicast',
    version: 3,
    addresses: inet6,
    ...unicast6,
    wire: { destination: '2001:db8::2' },
  },
  { name: 'v2', ...v2, ours: {}, theirs: '', wire: group4 },
  { name: 'v2-password', ...v2, ...password, wire: { ...group4, password: 'secret' } },
  {
    name: 'v2-password-unicast',
    ...v2,
    ours: { ...password.ours, ...unicast.ours },
    theirs: `${password.theirs} \n ${unicast.theirs}`,
    wire: { ...peer4, password: 'secret' },
  },
]

/** Each flavour twice: once we have the higher priority, once keepalived has. */
const routers = flavours.flatMap((flavour, index) =>
  (['we', 'they'] as const).map(leader => ({
    ...flavour,
    leader,
    router: `${flavour.name}-${leader}`,
    vrid: (leader === 'we' ? 101 : 121) + index,
    ourPriority: leader === 'we' ? 150 : 100,
    interval: flavour.version === 2 ? 1000 : 100,
  })),
)
type Routers = typeof routers

const ours = config(
  Object.fromEntries(
    routers.map(({ router: name, vrid, ourPriority, version, ours, addresses }) => [
      name,
      router(ourPriority, {
        virtualRouterId: vrid,
        version,
        virtualAddresses: addresses(vrid),
        ...ours,
      }),
    ]),
  ),
)

const theirs = routers
  .map(
    ({ router: name, vrid, ourPriority, version, interval, theirs, addresses }) => `
      vrrp_instance ${name} {
        interface eth0
        version ${version}
        virtual_router_id ${vrid}
        priority ${250 - ourPriority}
        advert_int ${interval / 1000}
        ${theirs}
        virtual_ipaddress {
          ${addresses(vrid).join('\n')}
        }
      }`,
  )
  .join('\n')

/** What keepalived says of an advert that it does not like. */
const complaint =
  /invalid|mismatch|expect|not present|too (short|long)|wrong|drop|checksum|truncated|bogus|error/i

const wellLed = async (box: Diarch, peer: Keepalived): Promise<void> => {
  for (const { router: name, leader } of routers) {
    await peer.untilState(name, leader === 'we' ? 'BACKUP' : 'MASTER')
    await box.untilRouter(name, leader === 'we' ? 'MASTER' : 'BACKUP')
  }
}

const ledBy = (leader: 'we' | 'they'): Routers => routers.filter(each => each.leader === leader)

/** Who stands where on the wire. */
const sourceOf = (
  who: 'we' | 'they',
  { name }: { name: string },
  local: Record<string, string>,
) => {
  if (name === 'v3-inet6') return local[who]!
  const prefix = name.includes('inet6') ? '2001:db8::' : '192.0.2.'
  return `${prefix}${who === 'we' ? 1 : 2}`
}

test('every flavour of VRRP with a real keepalived, each of the two leading', async t => {
  const { one, two } = await network(t)
  const linkLocal = async (host: typeof one) =>
    (await host.addresses('eth0')).find(a => a.startsWith('fe80'))!.replace(/\/.*/, '')
  const local = { we: await linkLocal(one), they: await linkLocal(two) }
  // Unicast is seen at its ends only.
  const seen: Capture = await capture(two, 'eth0', 'ip proto 112 or ip6 proto 112')
  let [box, peer] = await Promise.all([diarch(one, ours), keepalived(two, realTime + theirs)])

  /** What of `lost` the other one has taken over, and how long after its leader's last word. */
  const taken = async (lost: 'we' | 'they', since: number) => {
    const other = lost === 'we' ? 'they' : 'we'
    const all = []
    for (const each of ledBy(lost)) {
      const [from, to] = [sourceOf(lost, each, local), sourceOf(other, each, local)]
      const priority = other === 'we' ? each.ourPriority : 250 - each.ourPriority
      const due = downInterval(priority, each.interval, each.version)
      all.push({ ...each, due, ...(await takeover(seen, { ...each, from, to, since })) })
    }
    return all
  }

  const afterStop = async (lost: 'we' | 'they', since: number) => {
    for (const { router: name, wait, due, lastPriority } of await taken(lost, since)) {
      assert.equal(lastPriority, 0, `${name}: the last priority`)
      assert.ok(wait < due * 0.9, `${name}: ${wait} ms after priority 0, where ${due} ms are lost`)
    }
  }
  const afterCrash = async (lost: 'we' | 'they', since: number) => {
    for (const { router: name, wait, due, lastPriority } of await taken(lost, since)) {
      assert.ok(lastPriority > 0, `${name}: a crash says nothing`)
      assert.ok(wait > due * 0.97, `${name}: ${wait} ms is before ${due} ms are over`)
      assert.ok(wait < due * 2, `${name}: ${wait} ms, where ${due} ms are due`)
    }
  }

  await t.test('the higher priority leads', () => wellLed(box, peer))

  for (const each of ledBy('we')) {
    await t.test(`${each.name}: our advert has the right bytes`, async () => {
      const advert = await seen.untilAdvert(a => a.vrid === each.vrid && a.priority === 150)
      const { time: _, sourceMac, destinationMac: __, ...rest } = advert
      assert.equal(sourceMac, await one.mac('eth0'))
      assert.deepEqual(rest, {
        kind: 'advert',
        source: sourceOf('we', each, local),
        destination: each.wire.destination,
        ttl: 255,
        version: each.version,
        type: 1,
        vrid: each.vrid,
        priority: 150,
        interval: each.interval,
        addresses: each.addresses(each.vrid).map(text => text.replace(/\/.*/, '')),
        auth: each.wire.password
          ? { type: 'password', password: each.wire.password }
          : { type: 'none' },
        checksumRight: true,
      })
    })
  }

  await t.test('each understands the other', async () => {
    // Counters are told every few seconds, and after a reload.
    await box.reload(ours)
    for (const each of ledBy('they')) {
      const { counters } = await box.untilRouter(each.router, r => r.counters.received > 0)
      const { rejected, addressesDiffer, withoutPseudoHeader } = counters
      const what = { rejected, addressesDiffer, withoutPseudoHeader }
      const none = { rejected: {}, addressesDiffer: 0, withoutPseudoHeader: 0 }
      assert.deepEqual(what, none, each.router)
    }
    assert.doesNotMatch(peer.program.output, complaint)
  })

  await t.test('keepalived stops: we take over on its priority 0', async () => {
    const stopped = Date.now()
    await peer.stop()
    await afterStop('they', stopped)
  })

  await t.test(
    'it comes back and preempts: we step down, and our last word is no release',
    async () => {
      const started = Date.now()
      peer = await keepalived(two, realTime + theirs)
      await wellLed(box, peer)
      const ourZeros = seen.adverts().filter(a => a.time > started && a.priority === 0)
      assert.deepEqual(ourZeros, [])
      assert.doesNotMatch(peer.program.output, complaint)
    },
  )

  await t.test('keepalived is killed: we take over when its down interval is over', async () => {
    const killed = Date.now()
    await peer.crash()
    await afterCrash('they', killed)
    peer = await keepalived(two, realTime + theirs)
    await wellLed(box, peer)
  })

  await t.test('we stop: keepalived takes over on our priority 0', async () => {
    const stopped = Date.now()
    await box.stop()
    await afterStop('we', stopped)
    const virtual = new Set(routers.flatMap(({ addresses, vrid }) => addresses(vrid)))
    const left = (await one.addresses('eth0')).filter(address => virtual.has(address))
    assert.deepEqual(left, [])
    box = await diarch(one, ours)
    await wellLed(box, peer)
  })

  await t.test('we are killed: keepalived takes over when our down interval is over', async () => {
    const killed = Date.now()
    await box.crash()
    await afterCrash('we', killed)
    assert.doesNotMatch(peer.program.output, complaint)
  })
})
