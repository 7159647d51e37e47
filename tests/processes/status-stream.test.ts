import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServiceStatus } from '../../appliance/status/service-status.ts'
import { readStream } from './event-stream.ts'
import { openLargeBox } from './large-box.ts'
import { until } from './supervisor-lab.ts'
import { ask } from './supervisor-run.ts'

const withDown =
  (name: string) =>
  (service: ServiceStatus): ServiceStatus => ({
    ...service,
    servers: service.servers.map(each =>
      each.name === name ? { ...each, state: 'down', why: 'its check page is down' } : each,
    ),
  })

const asSent = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test('a stream of services: all of them once, then the one server that changed', async t => {
  const box = await openLargeBox(t, 1000, 10)
  const stream = readStream(t, box.socketPath, '/api/v1/services/stream')
  await until(
    'the whole',
    () => stream.events.length,
    length => length === 1,
  )
  assert.equal(stream.events[0]?.event, 'services')
  assert.equal((stream.document() as { services: unknown[] }).services.length, 1000)

  const from = performance.now()
  box.change('shop-500', withDown('web3'))
  await until(
    'the change',
    () => stream.events.length,
    length => length === 2,
  )
  const [, change] = stream.events
  assert.ok(change !== undefined && change.event === 'change')
  assert.ok(change.bytes <= 2048, `${change.bytes} bytes for one changed server`)
  const took = change.at - from
  t.diagnostic(`${change.bytes} bytes, ${took.toFixed(1)} ms after the change`)
  const { services } = stream.document() as { services: unknown }
  assert.deepEqual(services, asSent(box.services()))
})

test('every reader has the document, whenever it came', async t => {
  const box = await openLargeBox(t, 20, 2)
  const first = readStream(t, box.socketPath, '/api/v1/status/stream')
  await until(
    'the whole',
    () => first.events.length,
    length => length === 1,
  )
  box.change('shop-1', withDown('web0'))
  // It comes before the change was told: both begin with it from here on.
  const second = readStream(t, box.socketPath, '/api/v1/status/stream')
  await until(
    'the whole',
    () => second.events.length,
    length => length > 0,
  )
  box.change('shop-1', service => ({ ...service, servers: service.servers.slice(0, 1) }))
  box.change('shop-2', withDown('web1'))
  const shown = (document: unknown) =>
    (document as { services: { name: string; serversUp: number; serversTotal: number }[] }).services
      .slice(1, 3)
      .map(({ serversUp, serversTotal }) => `${serversUp}/${serversTotal}`)
  for (const { document } of [first, second]) {
    await until('both changes', document, seen => shown(seen).join() === '0/1,1/2')
  }
  assert.deepEqual(first.document(), second.document())
  const ids = second.events.map(({ id }) => Number(id))
  assert.deepEqual(
    ids,
    ids.map((_, index) => (ids[0] ?? 0) + index),
    'ids without gaps',
  )
})

test('a change alone is told at once, those of a flood together', async t => {
  const box = await openLargeBox(t, 100, 2)
  const stream = readStream(t, box.socketPath, '/api/v1/services/stream')
  await until(
    'the whole',
    () => stream.events.length,
    length => length === 1,
  )
  const from = performance.now()
  for (let number = 0; number < 100; number += 1) {
    box.change(`shop-${number}`, withDown('web0'))
    box.change(`shop-${number}`, withDown('web1'))
    await new Promise(resolve => setImmediate(resolve))
  }
  const down = (): number =>
    (stream.document() as { services: ServiceStatus[] }).services
      .flatMap(({ servers }) => servers)
      .filter(({ state }) => state === 'down').length
  await until('all changes', down, count => count === 200)
  const most = 3 + (performance.now() - from) / 50
  assert.ok(stream.events.length <= most, `${stream.events.length} events for 200 changes`)
})

test('figures that move by themselves wake no reader', async t => {
  const box = await openLargeBox(t, 5, 1)
  const stream = readStream(t, box.socketPath, '/api/v1/status/stream')
  await until(
    'the whole',
    () => stream.events.length,
    length => length === 1,
  )
  // The first one has the figures with it.
  box.publisher.now()
  await until(
    'the figures',
    () => stream.events.length,
    length => length === 2,
  )
  for (let round = 0; round < 5; round += 1) box.publisher.now()
  box.change('shop-0', withDown('web0'))
  await until(
    'a change',
    () => stream.events.length,
    length => length > 2,
  )
  assert.deepEqual(stream.events[2]?.data, [{ at: ['services', 'shop-0', 'serversUp'], is: 0 }])
})

test('the whole of a large box is answered in time', async t => {
  const box = await openLargeBox(t, 1000, 10)
  for (const path of ['/api/v1/status', '/api/v1/services']) {
    const took: number[] = []
    for (let round = 0; round < 5; round += 1) {
      const from = performance.now()
      const { status, body } = await ask(box.runDir, 'GET', path)
      took.push(performance.now() - from)
      assert.equal(status, 200)
      assert.equal((body.services as unknown[]).length, 1000)
    }
    t.diagnostic(`${path}: ${took.map(each => each.toFixed(0)).join(', ')} ms`)
    assert.ok(Math.min(...took) <= 150, `${path} took ${took} ms`)
  }
})
