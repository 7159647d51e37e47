import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seconds } from '../../appliance/values/duration.ts'
import { config, pair, router, until } from './vrrp-network.ts'

const [we, they] = ['192.0.2.1', '192.0.2.2']

test('a reload changes what is other, and mastership that need not change stays', async t => {
  const { one, seen, first, second } = await pair(t)
  const { since } = await first.router('V1')

  /** Reloads, waits for what is new, and looks whether anybody could have noticed the change. */
  const reload = async (
    routers: Record<string, object>,
    {
      interval = 100,
      name = 'V1',
      isNew,
    }: { interval?: number; name?: string; isNew: () => Promise<unknown> },
  ) => {
    const started = Date.now()
    const answer = await first.reload(config(routers))
    assert.deepEqual(answer, { status: 200, body: { findings: [] } })
    await isNew()
    const after = await first.untilRouter(name, 'MASTER')
    assert.equal(after.since, since, 'master all the time')
    // Two more adverts of the new kind: what comes late is seen too.
    const heard = () => seen.adverts().filter(a => a.vrid === 51 && a.time > started - 1000)
    const count = heard().length
    await seen.untilAdvert(() => heard().length > count + 2)
    assert.deepEqual(
      heard().filter(a => a.source !== we || a.priority === 0),
      [],
    )
    const times = heard().map(a => a.time)
    const gaps = times.slice(1).map((time, i) => time - times[i]!)
    const longest = Math.max(...gaps)
    assert.ok(longest < 3 * interval, `${longest} ms between two adverts`)
  }
  const v1 = (more: object = {}, priority = 150) => ({ V1: router(priority, more) })
  const advertWith = (fits: (a: ReturnType<typeof seen.adverts>[number]) => boolean) => {
    const now = Date.now()
    return seen.untilAdvert(a => a.vrid === 51 && a.source === we && a.time >= now - 200 && fits(a))
  }

  await t.test('nothing is other', () => reload(v1(), { isNew: async () => undefined }))

  await t.test('the priority', () =>
    reload(v1({}, 140), { isNew: () => advertWith(a => a.priority === 140) }),
  )

  await t.test('more addresses, and fewer', async () => {
    const both = { virtualAddresses: ['192.0.2.100/24', '192.0.2.101/24'] }
    const mac = await one.mac('eth0')
    await reload(v1(both), {
      isNew: () => advertWith(a => a.addresses.join() === '192.0.2.100,192.0.2.101'),
    })
    await seen.untilAnnouncement(a => a.address === '192.0.2.101' && a.mac === mac)
    assert.ok((await one.addresses('eth0')).includes('192.0.2.101/24'))
    await reload(v1(), { isNew: () => advertWith(a => a.addresses.join() === '192.0.2.100') })
    const left = await one.addresses('eth0')
    assert.deepEqual(
      ['192.0.2.100/24', '192.0.2.101/24'].map(each => left.includes(each)),
      [true, false],
    )
  })

  await t.test('the interval, on both boxes', async () => {
    await reload(v1({ advertInterval: '200ms' }), {
      interval: 200,
      isNew: () => advertWith(a => a.interval === 200),
    })
    await second.reload(config({ V1: router(100, { advertInterval: '200ms' }) }))
    await reload(v1(), { interval: 200, isNew: () => advertWith(a => a.interval === 100) })
    await second.reload(config({ V1: router(100) }))
  })

  await t.test(
    'another router beside it, and away again: only that one says priority 0',
    async () => {
      const other = { virtualRouterId: 52, virtualAddresses: ['192.0.2.102/24'] }
      await reload(
        { ...v1(), V2: router(150, other) },
        { isNew: () => first.untilRouter('V2', 'MASTER') },
      )
      assert.ok((await one.addresses('eth0')).includes('192.0.2.102/24'))
      await reload(v1(), { isNew: () => seen.untilAdvert(a => a.vrid === 52 && a.priority === 0) })
      assert.ok(!(await one.addresses('eth0')).includes('192.0.2.102/24'))
      assert.deepEqual(
        (await first.status()).routers.map(({ name }) => name),
        ['V1'],
      )
    },
  )

  await t.test('its name', async () => {
    await reload(
      { OFFICE: router(150) },
      { name: 'OFFICE', isNew: () => first.untilRouter('OFFICE', 'MASTER') },
    )
    assert.ok((await one.addresses('eth0')).includes('192.0.2.100/24'))
    await reload(v1(), { isNew: () => first.untilRouter('V1', 'MASTER') })
  })

  await t.test(
    'a broken file is refused with what is wrong, and the running one stays',
    async () => {
      const { status, body } = await first.reload(config(v1({ virtualRouterId: 300 })))
      assert.equal(status, 422)
      assert.match(JSON.stringify(body), /virtualRouterId is 300/)
      assert.ok((await first.status()).alarms.some(a => a.reason === 'configuration-refused'))
      for (const text of ['', '{', '[]', '{"schemaVersion": 2}']) {
        assert.equal((await first.reload(text)).status, 422, text)
      }
      const { code, stderr } = await first.cli('reload')
      assert.notEqual(code, 0)
      assert.match(stderr, /cluster/)
      await reload(v1(), { isNew: async () => undefined })
      assert.deepEqual((await first.status()).alarms, [])
    },
  )

  await t.test('SIGHUP reads it too', async () => {
    await first.host.write('/run/diarch.json', JSON.stringify(config(v1({}, 130))))
    first.supervisor.signal('SIGHUP')
    await advertWith(a => a.priority === 130)
    assert.equal((await first.router('V1')).since, since)
  })

  await t.test(
    'a priority below that of the other box: it takes over, and nobody is missing',
    async () => {
      const started = Date.now()
      await first.reload(config(v1({}, 50)))
      await second.untilRouter('V1', 'MASTER', seconds(5))
      await first.untilRouter('V1', 'BACKUP')
      const times = seen
        .adverts()
        .filter(a => a.time > started - 200)
        .map(a => a.time)
      const longest = Math.max(...times.slice(1).map((time, i) => time - times[i]!))
      assert.ok(longest < 200, `${longest} ms without a master`)
      await until('the address has moved', async () => {
        return !(await one.addresses('eth0')).includes('192.0.2.100/24')
      })
      assert.equal(seen.adverts().at(-1)?.source, they)
    },
  )
})

test('a new key goes round: no advert is refused, and nobody takes over', async t => {
  const keys = [1, 2].map(id => ({ id, secret: `the secret number ${id} of the pair, long` }))
  const [old, fresh] = keys
  const signed = (some: readonly unknown[], activeKey: number) => ({
    authentication: { hmac: { keys: some, activeKey } },
  })
  const { seen, first, second } = await pair(t, signed([old], 1))
  const { since } = await first.router('V1')
  for (const more of [signed(keys, 1), signed(keys, 2), signed([fresh], 2)]) {
    // The follower first, so that it knows the key when the leader uses it.
    await second.reload(config({ V1: router(100, more) }))
    await first.reload(config({ V1: router(150, more) }))
    const { length } = seen.adverts()
    await seen.untilAdvert(() => seen.adverts().length > length + 2)
  }
  const leader = await first.router('V1')
  assert.deepEqual([leader.state, leader.since], ['MASTER', since])
  await second.reload(config({ V1: router(100, signed([fresh], 2)) }))
  const { state, counters } = await second.untilRouter('V1', r => r.counters.received > 5)
  assert.deepEqual([state, counters.rejected], ['BACKUP', {}])
  assert.deepEqual(
    seen.adverts().filter(a => a.source !== we || a.priority === 0),
    [],
  )
})
