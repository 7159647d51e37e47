import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDocument } from '../../appliance/config/document.ts'
import { routerConfigs } from '../../appliance/config/router-configs.ts'
import { trialSummary } from '../../appliance/console/trial-summary.ts'
import { setupFrom } from '../../appliance/setup/answers.ts'
import { setupDocument } from '../../appliance/setup/document.ts'
import { type SetupFacts, setupQuestions } from '../../appliance/setup/questions.ts'
import type { PortStatus } from '../../appliance/status/document.ts'
import {
  answersOf,
  facing,
  type Interview,
  newInterview,
  stepInterview,
} from '../../appliance/terminal/interview.ts'
import { keysOf } from '../../appliance/terminal/keys.ts'

const port = (name: string, addresses: readonly string[]): PortStatus =>
  ({
    name,
    mac: '52:54:00:00:00:01',
    driver: 'virtio_net',
    link: 'up',
    speedMbps: 1000,
    addresses,
  }) as PortStatus

const facts: SetupFacts = {
  ports: [port('port1', ['192.0.2.10/24'])],
  hostname: 'diarch-0001',
  virtualRouterId: 77,
  heard: [],
  found: [],
}

const key = 'ab'.repeat(32)
const guardKey = 'cd'.repeat(32)
const keys = { key, guardKey }

function typed(lines: readonly string[], with_: SetupFacts = facts): Interview {
  const ask = setupQuestions(with_)
  const sent = lines.map(line => `${line}\r`).join('')
  return keysOf(sent, true).keys.reduce(
    (at, each) => stepInterview(at, each, ask),
    facing(newInterview, ask),
  )
}

const isDone = (interview: Interview, with_: SetupFacts = facts): boolean =>
  setupQuestions(with_)(answersOf(interview)) === null

const password = ['hunter2hunter2', 'hunter2hunter2']
const first = ['1', '192.0.2.11/24', '192.0.2.1', 'lb1', '', '', ...password]

test('twelve answers make a box with a virtual address and a service', () => {
  const answers = [...first, '192.0.2.100/24', '', '80', '2', '192.0.2.21 192.0.2.22']
  assert.ok(answers.filter(answer => answer !== '').length <= 12)
  const interview = typed(answers)
  assert.ok(isDone(interview), JSON.stringify(interview))
  const setup = setupFrom(answersOf(interview), facts)
  assert.ok(setup.box === 'first')
  const document = setupDocument(setup, keys)
  const parsed = parseDocument(document)
  assert.equal(parsed.kind, 'document', JSON.stringify(parsed))
  assert.ok(parsed.kind === 'document')
  const [router] = routerConfigs(parsed.document)
  assert.equal(router?.vrid, 77)
  assert.equal(router?.priority, 150)
  assert.deepEqual(document, {
    schemaVersion: 2,
    cluster: {
      users: { admin: { role: 'admin', password: 'hunter2hunter2' } },
      routers: {
        VI_1: {
          interface: 'port1',
          virtualRouterId: 77,
          virtualAddresses: ['192.0.2.100/24'],
          authentication: { hmac: { keys: [{ id: 1, secret: `hex:${key}` }] } },
        },
      },
      services: {
        web: {
          virtual: ['192.0.2.100:80'],
          forwarding: 'nat',
          servers: { server1: '192.0.2.21:80', server2: '192.0.2.22:80' },
        },
      },
      guard: { secret: `hex:${guardKey}` },
    },
    node: {
      hostname: 'lb1',
      network: {
        interfaces: { port1: { addresses: ['192.0.2.11/24'] } },
        routes: [{ destination: 'default', gateway: '192.0.2.1' }],
      },
      routers: { VI_1: { priority: 150 } },
    },
  })
})

test('the least that can be said makes a good document too', () => {
  const interview = typed(['3', '', '', '', '', ...password, ''])
  assert.ok(isDone(interview))
  const setup = setupFrom(answersOf(interview), facts)
  assert.ok(setup.box === 'single')
  assert.equal(parseDocument(setupDocument(setup, keys)).kind, 'document')
})

test('time zone and time servers; Escape keeps what was typed', () => {
  const lines = [...first.slice(0, 4), 'Asia/Tokyo', '192.0.2.123, ntp.example.com']
  const interview = typed([...lines, ...password, ''])
  const setup = setupFrom(answersOf(interview), facts)
  assert.ok(setup.box === 'first')
  const time = { zone: 'Asia/Tokyo', servers: ['192.0.2.123', 'ntp.example.com'] }
  assert.deepEqual(setup.time, time)
  const parsed = parseDocument(setupDocument(setup, keys))
  assert.ok(parsed.kind === 'document')
  assert.deepEqual(parsed.document.node.time, time)
  const ask = setupQuestions(facts)
  const back = stepInterview(typed(lines), { key: 'escape' }, ask)
  assert.equal(ask(answersOf(back))?.id, 'timeServers')
  assert.equal(stepInterview(back, { key: 'enter' }, ask).given.at(-1)?.answer, lines.at(-1))
})

test('before it is kept, every answer but the password is shown once more', () => {
  const answers = [
    '1',
    '192.0.2.11/24',
    '192.0.2.1',
    'lb1',
    'Asia/Tokyo',
    '192.0.2.123',
    ...password,
  ]
  const whole = [...answers, '192.0.2.100/24', '51', '8080', '2', '192.0.2.21 192.0.2.22']
  const summary = (lines: readonly string[]): string => {
    const setup = setupFrom(answersOf(typed(lines)), facts)
    assert.ok(setup.box !== 'second')
    const { title, rows } = trialSummary(setup)
    return [title, ...rows.map(row => row.join(': '))].join('\n')
  }
  assert.equal(
    summary(whole),
    `lb1 is set up, and waits for your word.
This box: the first one of a pair
Its own address: 192.0.2.11/24 on port1
Router: 192.0.2.1
Time: Asia/Tokyo, from 192.0.2.123
Virtual address: 192.0.2.100/24, VRRP id 51
Service: 192.0.2.100:8080, by NAT
Real servers: 192.0.2.21, 192.0.2.22`,
  )
  assert.match(summary([...whole.slice(0, -2), '1', '192.0.2.21']), /, by direct routing$/m)
  assert.match(summary([...answers.with(2, ''), '']), /^Router: none: .*$/m)
  assert.match(
    summary(['3', '', '', '', '', ...password, '']),
    /: a single one\nIts own address: by DHCP on port1\nTime: UTC, from the servers that DHCP/,
  )
})

test('an IPv6 pair', () => {
  const interview = typed([
    ...['1', '2001:db8::11/64', '2001:db8::1', '', '', '', ...password],
    ...['2001:db8::100/64', '9', '443', '1', '2001:db8::21,2001:db8::22'],
  ])
  assert.ok(isDone(interview), interview.error ?? '')
  const setup = setupFrom(answersOf(interview), facts)
  assert.ok(setup.box === 'first')
  const parsed = parseDocument(setupDocument(setup, keys))
  assert.equal(parsed.kind, 'document', JSON.stringify(parsed))
})

test('the second box takes three answers when it finds the first', () => {
  const fingerprint = Array(32).fill('AB').join(':')
  const box = { name: 'lb1', version: '0.1.0', fingerprint, port: 4343 }
  const found = { ...facts, found: [{ ...box, addresses: ['192.0.2.11', '2001:db8::11'] }] }
  const interview = typed(['2', '', '', '4729-1836'], found)
  assert.ok(isDone(interview, found))
  assert.deepEqual(setupFrom(answersOf(interview), found), {
    box: 'second',
    port: 'port1',
    address: 'dhcp',
    gateway: null,
    peer: '192.0.2.11',
    code: '47291836',
  })
  const other = { ...box, addresses: ['192.0.2.13'], port: 5000 }
  const both = { ...facts, found: [...found.found, other] }
  assert.match(typed(['2', '', ''], both).error ?? '', /"" is no address/)
  const chosen = typed(['2', '', '192.0.2.13:5000', '4729-1836'], both)
  assert.equal(answersOf(chosen).peer, '192.0.2.13:5000')
  assert.ok(!isDone(typed(['2', '', '4729-1836'])))
  assert.ok(isDone(typed(['2', '', '192.0.2.11', '4729-1836'])))
})

const refusals: readonly (readonly [readonly string[], RegExp])[] = [
  [['1', '192.0.2.11'], /length of the network is missing: expected 192\.0\.2\.11\/24/],
  [['1', 'eth0'], /"eth0" is no address: expected one such as 192\.0\.2\.10\/24/],
  [['1', '192.0.2.11/24', '198.51.100.1'], /198\.51\.100\.1 is not in 192\.0\.2\.0\/24/],
  [['1', '192.0.2.11/24', '192.0.2.11'], /the address of this box itself/],
  [['1', '', 'my box'], /"my box" is no host name/],
  [['1', '', '', 'Europe/Berln'], /"Europe\/Berln" is no time zone: did you mean Europe\/Berlin\?/],
  [['1', '', '', 'new york'], /did you mean America\/New_York\?/],
  [['1', '', '', 'CEST summer'], /expected one such as Europe\/Berlin, or UTC\./],
  [['1', '', '', '', 'ntp.example.com 192.0.2.1!'], /"192\.0\.2\.1!" is no time server/],
  [['1', '', '', '', '1 2 3 4 5 6 7 8 9'], /8 time servers at most/],
  [['1', '', '', '', '', 'short'], /That has 5 characters: expected 8 to 128/],
  [['1', '', '', '', '', 'longenough', 'longenouhg'], /not the same password/],
  [[...first, '192.0.2.11/24'], /the address of this box itself: expected another/],
  [[...first, '192.0.2.100/24', '256'], /"256": expected a number from 1 to 255/],
  [[...first, '192.0.2.100/24', '', 'http'], /"http": expected a number/],
  [[...first, '192.0.2.100/24', '', '80', '', 'web1'], /"web1": expected addresses/],
  [[...first, '192.0.2.100/24', '', '80', '', '192.0.2.21 192.0.2.21'], /is there twice/],
  [[...first, '192.0.2.100/24', '', '80', '', '2001:db8::1'], /not of one family/],
  [[...first, '192.0.2.100/24', '', '80', '', '192.0.2.100'], /the virtual address itself/],
  [['2', '', '192.0.2.11', '4729'], /"4729" is no code: expected eight digits such as 1234-5678/],
]

for (const [lines, words] of refusals) {
  test(`${lines.at(-1)} is refused: ${words.source}`, () => {
    const { error } = typed(lines)
    assert.match(error ?? 'it was taken', words)
  })
}

test('with several ports the one with a cable is suggested', () => {
  const ports = [{ ...port('port1', []), link: 'no-carrier' as const }, port('port2', [])]
  const question = setupQuestions({ ...facts, ports })({ box: 'first' })
  assert.equal(question?.id, 'port')
  assert.equal(question?.suggestion, 'port2')
  assert.match(question?.options[0]?.label ?? '', /port1 +no cable/)
})

const heard = (vrid: number, interface_ = 'port1', family: 'inet' | 'inet6' = 'inet') => ({
  interface: interface_,
  vrid,
  family,
  source: '192.0.2.7',
  priority: 100,
})

const idQuestion = (with_: Partial<SetupFacts>) =>
  setupQuestions({ ...facts, ...with_ })({
    ...{ box: 'first', address: 'dhcp', hostname: 'lb1', zone: 'UTC', timeServers: '' },
    ...{ password: 'hunter2hunter2', again: 'hunter2hunter2', virtual: '192.0.2.100/24' },
  })

test('the VRRP id that is suggested is one that nobody was heard with', () => {
  const here = [heard(77), heard(78), heard(79, 'port2'), heard(79, 'port1', 'inet6')]
  const question = idQuestion({ heard: here })
  assert.equal(question?.suggestion, '79')
  assert.match(question?.help.join(' ') ?? '', /In use here: 77, 78\./)
  assert.match(question?.check('78') ?? '', /78 is in use: 192\.0\.2\.7 says so on port1/)
  assert.equal(question?.check('79'), null)
  const last = idQuestion({ virtualRouterId: 255, heard: [heard(255)] })
  assert.equal(last?.suggestion, '1')
  assert.match(idQuestion({ heard: null })?.help.join(' ') ?? '', /listens/)
  assert.match(idQuestion({ heard: [] })?.help.join(' ') ?? '', /None was heard/)
})
