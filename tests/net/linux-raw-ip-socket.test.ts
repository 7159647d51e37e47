import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Host } from '../lab/namespaces/host.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import type { Program } from '../lab/namespaces/program.ts'
import { runInside, startInside, told, untilTold } from './inside-host.ts'

type Heard = { text: string; source: string; destination: string; ttl: number }
type Counts = {
  heard: number
  lost: number
  refused: number
  inOrder: boolean
  longestWait: number
}

const network = async (t: TestContext) => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const [one, two] = [await lab.host('one'), await lab.host('two')]
  const address = (n: number) => [`192.0.2.${n}/24`, `192.0.2.${n}0/32`, `2001:db8::${n}/64`]
  const mac = '02:00:00:00:00:01'
  const link = await one.plug(lan, { name: 'eth0', address: address(1), mac })
  await two.plug(lan, { name: 'eth0', address: address(2) })
  return { lab, lan, one, two, link }
}

const groups = { inet: ['224.0.0.18'], inet6: ['ff02::12'] }
type Family = keyof typeof groups

const listen = async (host: Host, args: object): Promise<Program> => {
  const program = await startInside(host, 'adverts', { interface: 'eth0', ...args })
  await untilTold(program, (fact: { ready?: boolean }) => fact.ready === true)
  return program
}

const send = async (host: Host, family: Family, to: string, more: object = {}) => {
  const { from, count, ...args } = more as { from?: string; count?: number }
  const all = { interface: 'eth0', family, ...args, send: { to, from, count } }
  return (await runInside<{ outcomes: string[] }>(host, 'adverts', all)).outcomes
}

const heardBy = (program: Program) => told<Heard>(program).filter(fact => 'text' in fact)

/** Ends a listener and returns its last counts. */
const ended = async (program: Program): Promise<Counts> => {
  program.signal('SIGTERM')
  // It ends because nothing that it opened holds it any longer.
  assert.deepEqual(await program.closed, { code: 0, signal: null })
  return told<Counts>(program).at(-1)!
}

const cases = [
  ['inet', '192.0.2.1', '192.0.2.10'],
  ['inet6', 'fe80::ff:fe00:1', '2001:db8::1'],
] as const

for (const [family, usual, chosen] of cases) {
  const [group = ''] = groups[family]

  test(`${family}: the group hears it, with source and TTL; its sender does not`, async t => {
    const { one, two } = await network(t)
    const there = await listen(two, { family, groups: groups[family] })
    const here = await listen(one, { family, groups: groups[family] })
    assert.deepEqual(await send(one, family, group), ['sent'])
    assert.deepEqual(await send(one, family, group, { from: chosen }), ['sent'])
    await untilTold(there, (fact: Heard) => fact.source === chosen)
    assert.deepEqual(heardBy(there), [
      { text: '0', source: usual, destination: group, ttl: 255 },
      { text: '0', source: chosen, destination: group, ttl: 255 },
    ])
    assert.equal((await ended(there)).heard, 2)
    assert.equal((await ended(here)).heard, 0)
  })

  test(`${family}: below the least TTL nothing comes through, and it is counted`, async t => {
    const { one, two } = await network(t)
    const there = await listen(two, { family, groups: groups[family], leastTtl: 255 })
    await send(one, family, group, { ttl: 254, count: 50 })
    await send(one, family, group)
    await untilTold(there, (fact: Heard) => fact.ttl === 255)
    const { heard, refused, lost } = await ended(there)
    assert.deepEqual({ heard, refused, lost }, { heard: 1, refused: 50, lost: 0 })
  })

  test(`${family}: a flood below the least TTL loses nothing else`, async t => {
    const { one, two } = await network(t)
    const there = await listen(two, { family, groups: groups[family], leastTtl: 255 })
    there.signal('SIGSTOP')
    await send(one, family, group, { ttl: 254, count: 25_000 })
    await send(one, family, group)
    there.signal('SIGCONT')
    await untilTold(there, (fact: Heard) => fact.ttl === 255)
    const { heard, refused, lost } = await ended(there)
    assert.deepEqual({ heard, lost }, { heard: 1, lost: 0 })
    assert.ok(refused >= 100, `${refused} counted`)
  })

  test(`${family}: without groups it hears unicast only, whatever others have joined`, async t => {
    const { one, two } = await network(t)
    const joined = await listen(two, { family, groups: groups[family] })
    const alone = await listen(two, { family })
    const to = family === 'inet' ? '192.0.2.2' : '2001:db8::2'
    await send(one, family, group)
    await send(one, family, to, { ttl: 64, from: chosen })
    await untilTold(alone, (fact: Heard) => fact.destination === to)
    assert.deepEqual(heardBy(alone), [{ text: '0', source: chosen, destination: to, ttl: 64 }])
    await untilTold(joined, (fact: Heard) => fact.destination === to)
    assert.equal((await ended(joined)).heard, 2)
  })

  test(`${family}: nothing comes from another interface`, async t => {
    const { lab, one, two } = await network(t)
    const second = await lab.switch('second')
    for (const [host, n] of [
      [one, 1],
      [two, 2],
    ] as const) {
      const address = [`198.51.100.${n}/24`, `2001:db8:1::${n}/64`]
      await host.plug(second, { name: 'eth1', address })
    }
    const there = await listen(two, { family, groups: groups[family] })
    const other = await listen(two, { family, groups: groups[family], interface: 'eth1' })
    await send(one, family, group, { interface: 'eth1' })
    await untilTold(other, (fact: Partial<Heard>) => fact.text !== undefined)
    await send(one, family, group)
    await untilTold(there, (fact: Partial<Heard>) => fact.text !== undefined)
    assert.equal((await ended(there)).heard, 1)
    assert.equal((await ended(other)).heard, 1)
  })

  test(`${family}: a second of 2,500 adverts outlasts a stall, in order, with its age`, async t => {
    const { one, two } = await network(t)
    const there = await listen(two, { family, groups: groups[family], counts: true })
    there.signal('SIGSTOP')
    const stopped = performance.now()
    await send(one, family, group, { count: 2500 })
    const within = performance.now() - stopped
    there.signal('SIGCONT')
    const told = await untilTold(there, (fact: Counts) => fact.heard === 2500)
    assert.deepEqual([told.lost, told.inOrder], [0, true])
    assert.ok(told.longestWait > 10, `the oldest was said to be ${told.longestWait} ms old`)
    assert.ok(told.longestWait < within + 5000, `${told.longestWait} ms old after ${within} ms`)
  })
}

test('what finds the buffer full is counted', async t => {
  const { one, two } = await network(t)
  const there = await listen(two, { family: 'inet', groups: groups.inet, counts: true })
  there.signal('SIGSTOP')
  await send(one, 'inet', '224.0.0.18', { count: 25_000 })
  there.signal('SIGCONT')
  const { heard, lost } = await untilTold(
    there,
    (fact: Counts) => fact.heard + fact.lost === 25_000,
  )
  assert.ok(heard > 2500 && lost > 0, `${heard} heard, ${lost} lost`)
})

test('a refused send says why, and the socket goes on', async t => {
  const { one, two, link } = await network(t)
  assert.deepEqual(await send(one, 'inet', '224.0.0.18', { from: '192.0.2.99' }), ['ENETUNREACH'])
  assert.deepEqual(await send(one, 'inet6', 'ff02::12', { from: 'fe80::99' }), ['EINVAL'])
  const there = await listen(two, { family: 'inet', groups: groups.inet })
  await two.must('ip', ['link', 'set', 'eth0', 'down'])
  assert.deepEqual(await send(two, 'inet', '224.0.0.18'), ['ENETUNREACH'])
  await two.must('ip', ['link', 'set', 'eth0', 'up'])
  await link.heal()
  await send(one, 'inet', '224.0.0.18')
  await untilTold(there, (fact: Partial<Heard>) => fact.text !== undefined)
})

test('a group of no multicast range is refused in words', async t => {
  const { one } = await network(t)
  const args = { interface: 'eth0', family: 'inet', groups: ['192.0.2.77'] }
  await assert.rejects(
    runInside(one, 'adverts', args),
    /setsockopt IP_ADD_MEMBERSHIP 192\.0\.2\.77 on inet protocol 112 on eth0: invalid argument/,
  )
})
