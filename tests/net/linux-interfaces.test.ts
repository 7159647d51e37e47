import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openLab } from '../lab/namespaces/lab.ts'
import type { Program } from '../lab/namespaces/program.ts'
import { startInside, told, untilTold } from './inside-host.ts'

type Shown = {
  name: string
  mac: string
  mtu: number
  up: boolean
  carrier: boolean
  kind: string | null
  addresses: string[]
}
type Change = { before: Shown | null; after: Shown | null; at: number }
type Listing = { all: Shown[]; named?: Shown | null }

const box = async (t: TestContext, options: object = {}) => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const host = await lab.host('box')
  const link = await host.plug(lan, {
    name: 'eth0',
    address: '192.0.2.1/24',
    mac: '02:00:00:00:00:01',
  })
  const program = await startInside(host, 'interfaces', options)
  const listing = await untilTold(program, (fact: Listing) => fact.all !== undefined)
  const ip = (line: string) => host.must('ip', line.split(' '))
  return { host, link, program, listing, ip }
}

const untilChange = (program: Program, fits: (change: Change) => boolean): Promise<Change> =>
  untilTold(program, (fact: Change) => 'after' in fact && fits(fact))

const ended = async (program: Program): Promise<Listing> => {
  program.signal('SIGTERM')
  assert.deepEqual(await program.closed, { code: 0, signal: null })
  return told<Listing>(program).at(-1)!
}

test('interfaces are listed with what they are and have', async t => {
  const { listing } = await box(t)
  assert.deepEqual(
    listing.all.find(one => one.name === 'eth0'),
    {
      name: 'eth0',
      mac: '02:00:00:00:00:01',
      mtu: 1500,
      up: true,
      carrier: true,
      kind: 'veth',
      addresses: ['192.0.2.1/24', 'fe80::ff:fe00:1/64'],
    },
  )
})

test('a cable that is pulled and put back is told, and what is set down', async t => {
  const { link, program, ip } = await box(t)
  const pulled = Date.now()
  await link.cut()
  const lost = await untilChange(program, ({ after }) => after?.carrier === false)
  assert.deepEqual([lost.before?.carrier, lost.after?.up], [true, true])
  t.diagnostic(`carrier lost, told ${lost.at - pulled} ms after the command began`)
  await link.heal()
  await untilChange(program, ({ before, after }) => before?.carrier === false && !!after?.carrier)
  await ip('link set eth0 down')
  await untilChange(program, ({ after }) => after?.up === false)
})

test('an address that somebody adds or removes is told, a renewed lease is not', async t => {
  const { program, ip } = await box(t)
  await ip('address add 192.0.2.100/24 dev eth0 valid_lft 60 preferred_lft 60')
  const added = await untilChange(program, ({ after }) => after?.addresses.length === 3)
  assert.ok(added.after?.addresses.includes('192.0.2.100/24'))
  await ip('address change 192.0.2.100/24 dev eth0 valid_lft 90 preferred_lft 90')
  await ip('address del 192.0.2.100/24 dev eth0')
  const removed = await untilChange(program, ({ before }) => before?.addresses.length === 3)
  assert.equal(removed.after?.addresses.length, 2)
  assert.equal(told<Change>(program).filter(fact => 'after' in fact).length, 2)
})

test('an interface that is renamed keeps what it is; deleted, it is gone', async t => {
  const { program, ip } = await box(t)
  await ip('link add lan9 type veth peer name far9')
  await untilChange(program, ({ before, after }) => before === null && after?.name === 'lan9')
  await ip('link set lan9 name lan8')
  await untilChange(program, ({ before, after }) => {
    return before?.name === 'lan9' && after?.name === 'lan8'
  })
  await ip('link delete lan8')
  await untilChange(program, ({ before, after }) => before?.name === 'lan8' && after === null)
  const { all, named } = await ended(program)
  assert.deepEqual(all.map(one => one.name).toSorted(), ['eth0', 'lo'])
  assert.equal(named?.name, 'eth0')
})

test('a bridge that loses a port has not lost an interface', async t => {
  const { program, ip } = await box(t)
  await ip('link add br0 type bridge')
  await ip('link set eth0 master br0')
  await ip('link set eth0 nomaster')
  await ip('link set eth0 mtu 1400')
  await untilChange(program, ({ after }) => after?.name === 'eth0' && after.mtu === 1400)
  assert.ok(!told<Change>(program).some(({ after, before }) => before !== null && after === null))
  assert.equal((await ended(program)).named?.addresses.length, 2)
})

test('more events than fit are survived: all is read anew, the next ones are heard', async t => {
  const { host, program, ip } = await box(t, { bufferBytes: 4096 })
  program.signal('SIGSTOP')
  const lines = Array.from({ length: 400 }, (_, n) => {
    return `address add 10.9.${n >> 8}.${n & 255}/32 dev eth0`
  })
  await host.must('ip', ['-batch', '-'], { input: lines.join('\n') })
  program.signal('SIGCONT')
  await untilTold(program, (fact: { overflow?: boolean }) => fact.overflow === true)
  await untilChange(
    program,
    ({ after }) => after?.name === 'eth0' && after.addresses.length === 402,
  )
  await ip('link set eth0 mtu 1400')
  await untilChange(program, ({ after }) => after?.mtu === 1400)
  assert.equal((await ended(program)).named?.addresses.length, 402)
})
