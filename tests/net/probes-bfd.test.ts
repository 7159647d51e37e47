import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Finding } from '../../appliance/health/check.ts'
import type { BfdQuestion } from '../../appliance/health/question.ts'
import { milliseconds } from '../../appliance/values/duration.ts'
import type { Host } from '../lab/namespaces/host.ts'
import { openLab, type TestContext } from '../lab/namespaces/lab.ts'
import { startInside, untilTold } from './inside-host.ts'
import { targetAt, words } from './probe-question.ts'

/** BIRD is the neighbour. */

type Told = { readonly first?: Finding; readonly later?: Finding; readonly change?: Finding }

const question: BfdQuestion = {
  kind: 'bfd',
  minTransmit: milliseconds(100),
  minReceive: milliseconds(100),
  multiplier: 3,
  ttl: 255,
}

const network = async (t: TestContext) => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const [server, box] = [await lab.host('server'), await lab.host('box')]
  const link = await server.plug(lan, {
    name: 'eth0',
    address: ['192.0.2.10/24', '2001:db8::10/64'],
  })
  await box.plug(lan, { name: 'eth0', address: ['192.0.2.1/24', '2001:db8::1/64'] })
  return { server, box, link }
}

const bird = async (host: Host, neighbour: string, own: string) => {
  await host.write(
    '/run/bird.conf',
    `router id 192.0.2.10;
     protocol device { }
     protocol bfd {
       interface "eth0" { min rx interval 100 ms; min tx interval 100 ms; multiplier 3; };
       neighbor ${neighbour} dev "eth0" local ${own};
     }`,
  )
  const program = await host.start('bird', ['-f', '-c', '/run/bird.conf', '-s', '/run/bird.ctl'])
  const ask = (line: string) => host.run('birdc', ['-s', '/run/bird.ctl', line])
  return { program, ask }
}

const keep = (host: Host, address: string, within = 20_000) =>
  startInside(host, 'bfd', { question, target: targetAt(address, null), within })

for (const [address, own] of [
  ['192.0.2.10', '192.0.2.1'],
  ['2001:db8::10', '2001:db8::1'],
] as const) {
  test(`a session with BIRD at ${address}: up, lost, up again, ended in order`, async t => {
    const { server, box, link } = await network(t)
    const neighbour = await bird(server, own, address)
    const session = await keep(box, address)
    const found = async (pattern: RegExp) =>
      await untilTold<Told>(session, told => {
        const finding = told.first ?? told.later ?? told.change
        return finding !== undefined && pattern.test(words(finding))
      })
    await found(/^passed: the BFD session with \S+ is up, a loss is seen after 300 ms$/)
    const { stdout } = await neighbour.ask('show bfd sessions')
    assert.match(stdout, /Up/, stdout)

    await link.silence('both')
    await found(/^timeout: .* is down: it fell silent \(control detection time expired\)/)
    const before = session.stdout.length
    await link.heal()
    await session.until(/"passed".*is up/, { from: before })

    neighbour.program.signal('SIGKILL')
    await session.until(/"failed".*fell silent/, { from: session.stdout.length - 1 })
    session.signal('SIGTERM')
    assert.equal((await session.closed).code, 0, session.output)
  })
}

test('BIRD is shut down in order, and the box says goodbye in order', async t => {
  const { server, box } = await network(t)
  const neighbour = await bird(server, '192.0.2.1', '192.0.2.10')
  const session = await keep(box, '192.0.2.10')
  await untilTold<Told>(session, told => told.later?.kind === 'passed')
  await neighbour.ask('disable bfd1')
  await untilTold<Told>(session, told =>
    /^(closed|timeout): .* is down/.test(told.change === undefined ? '' : words(told.change)),
  )
  const before = session.stdout.length
  await neighbour.ask('enable bfd1')
  await session.until(/"passed"/, { from: before })
  session.signal('SIGTERM')
  assert.equal((await session.closed).code, 0, session.output)
})

test('nobody answers: the first question waits, the next one does not', async t => {
  const { box } = await network(t)
  const session = await keep(box, '192.0.2.10', 500)
  await untilTold<Told>(session, told => told.later !== undefined)
  assert.match(session.stdout, /"first":.*"timeout".*is down: it is silent/)
  session.signal('SIGTERM')
  assert.equal((await session.closed).code, 0, session.output)
})

test('who stands further away than the next hop is not heard', async t => {
  const { server, box } = await network(t)
  const rules = `table ip far {
    chain out {
      type filter hook output priority 0
      udp dport 3784 ip ttl set 254
    }
  }`
  await server.must('nft', ['-f', '-'], { input: rules })
  await bird(server, '192.0.2.1', '192.0.2.10')
  const session = await keep(box, '192.0.2.10', 2_500)
  await untilTold<Told>(session, told => told.first !== undefined)
  assert.match(session.stdout, /"first":.*"timeout".*is down: it is silent/)
  session.signal('SIGTERM')
  await session.closed
})
