import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type IpvsOp, planTable } from '../../appliance/ipvs/plan.ts'
import {
  type Destination,
  type DestinationSettings,
  destinationKey,
  type Service,
  type ServiceSettings,
  serviceKey,
} from '../../appliance/ipvs/service.ts'
import { destinationText, serviceText } from '../../appliance/ipvs/service-text.ts'
import { at, plain, table as tables, tcpService, weighing } from './ipvs-tables.ts'

const words = (ops: readonly IpvsOp[]): string[] =>
  ops.map(op => {
    const to = 'destination' in op ? `${destinationText(op.destination)} of ` : ''
    return `${op.kind} ${to}${serviceText(op.service)}`
  })

const web = (settings: Partial<ServiceSettings>, ...destinations: Destination[]): Service => ({
  at: tcpService('192.0.2.1'),
  settings: { ...plain, ...settings },
  destinations,
})

const server = (n: number, settings: Partial<DestinationSettings> = {}): Destination => ({
  at: at(`198.51.100.${n}`),
  settings: { ...weighing(1), ...settings },
})

test('an empty table gets services with their destinations', () => {
  const mark = { kind: 'mark', family: 'inet6', mark: 7 } as const
  const desired = [web({}, server(1), server(2)), { ...web({}), at: mark }]
  assert.deepEqual(words(planTable(desired, [])), [
    'add-service tcp 192.0.2.1:80',
    'add-destination 198.51.100.1:80 of tcp 192.0.2.1:80',
    'add-destination 198.51.100.2:80 of tcp 192.0.2.1:80',
    'add-service mark 7 (inet6)',
  ])
})

test('what comes is there before what it replaces goes, and services go with all they have', () => {
  const old = { ...web({}, server(9)), at: tcpService('2001:db8::1', 443) }
  const ops = planTable([web({}, server(2))], [old, web({}, server(1))])
  assert.deepEqual(words(ops), [
    'add-destination 198.51.100.2:80 of tcp 192.0.2.1:80',
    'remove-destination 198.51.100.1:80 of tcp 192.0.2.1:80',
    'remove-service tcp [2001:db8::1]:443',
  ])
})

test('what nobody owns here stays', () => {
  const other = { ...web({}, server(9)), at: tcpService('192.0.2.9') }
  const owned = ({ kind }: Service['at']) => kind === 'mark'
  assert.deepEqual(planTable([], [other], owned), [])
  assert.deepEqual(words(planTable([], [other])), ['remove-service tcp 192.0.2.9:80'])
})

test('of what is desired twice the first counts', () => {
  const twice = web({}, server(1, { weight: 5 }), server(1, { weight: 6 }))
  const desired = [twice, web({ scheduler: 'wlc' }, server(1))]
  assert.deepEqual(planTable(desired, [web({}, server(1, { weight: 5 }))]), [])
})

const persistence = { seconds: 60, prefixLength: 32, engine: null }

for (const [what, settings] of Object.entries<Partial<ServiceSettings>>({
  scheduler: { scheduler: 'wlc' },
  flags: { schedulerFlags: [1] },
  'one packet': { onePacket: true },
  persistence: { persistence },
  'its time': { persistence: { ...persistence, seconds: 61 } },
  'its prefix': { persistence: { ...persistence, prefixLength: 31 } },
  'its engine': { persistence: { ...persistence, engine: 'sip' } },
})) {
  test(`a service is changed in place: ${what}`, () => {
    const before = what.startsWith('its') ? web({ persistence }, server(1)) : web({}, server(1))
    const after = web(settings, server(1))
    assert.deepEqual(planTable([after], [before]), [
      { kind: 'change-service', service: after.at, settings: after.settings },
    ])
    assert.equal(planTable([before], [after]).length, 1)
    assert.deepEqual(planTable([after], [after]), [])
  })
}

const tunnel = (tunnel: object) =>
  ({ forwarding: { method: 'tunnel', tunnel } }) as Partial<DestinationSettings>
const gue = { type: 'gue', port: 6080, checksum: 'none' }
const gre = { type: 'gre', checksum: 'none' }

for (const [what, before, after] of [
  ['weight', {}, { weight: 2 }],
  ['upper threshold', {}, { upper: 2 }],
  ['lower threshold', { upper: 9 }, { upper: 9, lower: 2 }],
  ['method', {}, { forwarding: { method: 'direct' } }],
  ['to a tunnel', {}, tunnel({ type: 'ipip' })],
  ['kind of tunnel', tunnel({ type: 'ipip' }), tunnel(gre)],
  ['tunnel with the same words', tunnel(gre), tunnel(gue)],
  ['checksum of gre', tunnel(gre), tunnel({ ...gre, checksum: 'full' })],
  ['checksum of gue', tunnel(gue), tunnel({ ...gue, checksum: 'remote' })],
  ['port of gue', tunnel(gue), tunnel({ ...gue, port: 6081 })],
] as readonly [string, Partial<DestinationSettings>, Partial<DestinationSettings>][]) {
  test(`a destination is changed in place: ${what}`, () => {
    const ops = planTable(
      [web({}, server(2), server(1, after))],
      [web({}, server(1, before), server(2))],
    )
    assert.deepEqual(words(ops), ['change-destination 198.51.100.1:80 of tcp 192.0.2.1:80'])
    assert.deepEqual(planTable([web({}, server(1, after))], [web({}, server(1, after))]), [])
  })
}

test('the order of flags means nothing, and no more does naming one twice', () => {
  const wish = web({ schedulerFlags: [2, 1, 2] })
  assert.deepEqual(planTable([wish], [web({ schedulerFlags: [1, 2] })]), [])
})

type DestinationOp = Extract<IpvsOp, { readonly destination: unknown }>

const put = (op: DestinationOp, before: readonly Destination[]): readonly Destination[] => {
  const place = destinationKey(op.destination)
  const others = before.filter(({ at }) => destinationKey(at) !== place)
  const isThere = others.length < before.length
  assert.equal(isThere, op.kind !== 'add-destination', `${words([op])}`)
  if (op.kind === 'remove-destination') return others
  return [...others, { at: op.destination, settings: op.settings }]
}

/** What the kernel does with operations, refusing as it refuses. */
const performed = (before: readonly Service[], ops: readonly IpvsOp[]): readonly Service[] => {
  const services = new Map(before.map(service => [serviceKey(service.at), service]))
  for (const op of ops) {
    const key = serviceKey(op.service)
    const there = services.get(key)
    assert.equal(there === undefined, op.kind === 'add-service', `${words([op])}`)
    if ('destination' in op) {
      services.set(key, { ...there!, destinations: put(op, there!.destinations) })
    } else if (op.kind === 'remove-service') services.delete(key)
    else {
      const { service: at, settings } = op
      services.set(key, { at, settings, destinations: there?.destinations ?? [] })
    }
  }
  return [...services.values()]
}

test('any table becomes any other, with no operation that the kernel would refuse', () => {
  void fc.assert(
    fc.property(tables, tables, (a, b) => {
      const reached = performed(a, planTable(b, a))
      assert.deepEqual(planTable(b, reached), [])
      assert.deepEqual(
        reached.map(({ at }) => serviceKey(at)).toSorted(),
        b.map(({ at }) => serviceKey(at)).toSorted(),
      )
    }),
    { numRuns: 500 },
  )
})

test('no operation can be left out', () => {
  void fc.assert(
    fc.property(tables, tables, (a, b) => {
      const ops = planTable(b, a)
      for (const [index, { kind }] of ops.entries()) {
        // What hangs on a new service goes with it.
        if (kind === 'add-service') continue
        const without = ops.filter((_, n) => n !== index)
        assert.notDeepEqual(planTable(b, performed(a, without)), [])
      }
    }),
    { numRuns: 100 },
  )
})
