import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { drawScreen } from '../../appliance/console/screen.ts'
import type { Status } from '../../appliance/status/document.ts'
import { wrap } from '../../appliance/terminal/screen-line.ts'
import { examplePeer, exampleRouter, exampleStatus } from '../processes/example-status.ts'

const size = { columns: 80, rows: 24 }
const texts = (status: Status, notice: string | null = null): string[] =>
  drawScreen(status, size, notice).map(line => line.text.trimEnd())
const screen = (status: Status): string => texts(status).join('\n')

test('screen/a healthy box', () => {
  assert.equal(
    `${screen(exampleStatus)}\n`,
    ` Diarch 1.2.3 (9d6e8a0)   diarch-4f2a                                    slot A

 OK  all processes run                                up 4 h 12 min   09:41 UTC

  Port   Hardware address   Driver      Link      Addresses
  port1  52:54:00:12:34:56  virtio_net  1 Gb/s    192.0.2.10/24
                                        2001:db8:1234:5678:5054:ff:fe12:3456/64
  port2  52:54:00:12:34:57  e1000e      no cable

  Web page      https://192.0.2.10/
                https://[2001:db8:1234:5678:5054:ff:fe12:3456]/
  Certificate   00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:
                10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F
                A browser must show this SHA-256 fingerprint for the page.

  Watchdog      i6300ESB timer, hardware, resets after 30 s
  Memory        90 of 458 MiB used
  Storage       812 of 1020 MiB free
  Processes     web running, console running (2 restarts)



--------------------------------------------------------------------------------
 Press Enter to set this box up. Before that the network can change nothing.
`,
  )
})

test('screen/virtual routers: state, addresses and why; more than fit are counted', () => {
  const routers = ['web', 'mail', 'dns', 'vpn'].map((name, i) => ({
    ...exampleRouter,
    name,
    state: i === 2 ? ('FAULT' as const) : ('MASTER' as const),
    why: i === 2 ? 'eth0: no carrier' : 'the master is silent',
    addresses: [{ address: `192.0.2.10${i}/24`, held: i !== 2 }],
  }))
  const lines = drawScreen({ ...exampleStatus, routers: routers.slice(0, 2) }, size)
  const shown = lines.map(({ text }) => text.trimEnd())
  assert.deepEqual(shown.slice(4, 7), [
    '  Router  State   Held by  Virtual addresses',
    '  web     MASTER  here     192.0.2.100/24  the master is silent',
    '  mail    MASTER  here     192.0.2.101/24  the master is silent',
  ])
  const tall = drawScreen({ ...exampleStatus, routers }, { columns: 80, rows: 40 })
  const fault = tall.find(({ text }) => text.includes('dns'))
  assert.deepEqual(fault, {
    text: '  dns     FAULT   nobody   (192.0.2.102/24)  eth0: no carrier',
    tone: 'warning',
  })
  const many = Array.from({ length: 60 }, (_, i) => ({ ...routers[0]!, name: `r${i}` }))
  assert.match(screen({ ...exampleStatus, routers: many }), /^ {2}and 5\d more routers$/m)
})

const setUp: Status = {
  ...exampleStatus,
  setup: { state: 'finished', since: '', why: 'users can log in' },
}

test('screen/a pair: what this box is, what the other one is, who has which address', () => {
  const report = {
    health: { state: 'ok', why: '' },
    alarms: 0,
    maintenance: false,
    routers: [{ name: 'web', state: 'BACKUP', priority: 100, why: '' }],
  } as const
  const peer = { ...examplePeer, report }
  const pair = { ...exampleStatus.pair, state: 'in-sync', peer } as const
  const master = { ...setUp, routers: [exampleRouter], pair }
  assert.equal(
    `${texts(master).slice(2, 16).join('\n')}\n`,
    ` OK  all processes run                                up 4 h 12 min   09:41 UTC

 MASTER  of web: the master is silent
 Peer    lb2 at 192.0.2.12: in sync, BACKUP, ok

  Router  State   Held by  Virtual addresses
  web     MASTER  here     192.0.2.100/24  the master is silent

  Port   Role       Driver      Link      Addresses
  port1  web, peer  virtio_net  1 Gb/s    192.0.2.10/24
                                        2001:db8:1234:5678:5054:ff:fe12:3456/64
  port2  -          e1000e      no cable

  Web page      https://192.0.2.10/
`,
  )
  assert.match(screen(master), /F2 or Enter: log in to change something\./)

  const backup = {
    ...exampleRouter,
    state: 'BACKUP',
    why: 'a higher priority was heard',
    addresses: [{ address: '192.0.2.100/24', held: false }],
  } as const
  const there = { ...report, routers: [{ ...report.routers[0], state: 'MASTER' as const }] }
  const other = {
    ...master,
    routers: [backup],
    pair: { ...pair, peer: { ...peer, report: there } },
  }
  assert.match(screen(other), /^ BACKUP {2}of web: a higher priority was heard$/m)
  assert.match(screen(other), /^ {2}web {5}BACKUP {2}lb2 {6}192\.0\.2\.100\/24 /m)

  const away = { ...pair, state: 'alone', why: 'lb2 is away since 09:00' } as const
  const alone = { ...master, pair: { ...away, peer: examplePeer } }
  const warned = drawScreen(alone, size).filter(({ tone }) => tone === 'warning')
  assert.deepEqual(
    warned.map(({ text }) => text.trimEnd()),
    [
      ' ALONE   it is MASTER of web: the master is silent; lb2 is away since 09:00',
      ' Peer    lb2 at 192.0.2.12: lb2 is away since 09:00',
    ],
  )
  assert.match(screen(setUp), /^ SINGLE {2}there is no virtual address yet\n Peer {4}none/m)
})

test('screen/a router with more addresses than fit says how many more', () => {
  const addresses = Array.from({ length: 9 }, (_, i) => ({
    address: `192.0.2.10${i}/24`,
    held: true,
  }))
  const text = screen({ ...setUp, routers: [{ ...exampleRouter, addresses }] })
  assert.match(text, /^ {2}web {5}MASTER {2}here {5}192\.0\.2\.100\/24 192.* \+6$/m)
})

const alarm = (reason: string, since: string, words: number) => ({
  reason,
  since: `2026-11-21T${since}:00.000Z`,
  message: Array.from({ length: words }, (_, i) => `word${i}`).join(' '),
})

test('screen/alarms: the newest first, wrapped, with their reason', () => {
  const alarms = [alarm('old', '04:00', 1), alarm('newer', '06:00', 20), alarm('older', '05:00', 3)]
  const lines = texts({
    ...exampleStatus,
    health: { state: 'degraded', since: '', why: '2 alarms' },
    alarms,
  })
  assert.match(lines[2]!, /^ DEGRADED {2}2 alarms/)
  assert.match(lines[3]!, /^ ! newer: word0 word1 /)
  assert.match(lines[4]!, /^ {3}word\d/)
  assert.match(lines[5]!, /^ ! older: word0 word1 word2$/)
  assert.equal(lines[6], ' ! old: word0')
  const health = { state: 'degraded', since: '', why: 'old: word0 and more' } as const
  const one = texts({ ...exampleStatus, health, alarms: alarms.slice(0, 1) })
  assert.match(one[2]!, /^ DEGRADED {2}1 alarm {3}/, 'it stands below, and not twice')
})

test('screen/a list of processes that would end in the middle is left out', () => {
  const [process] = exampleStatus.processes
  const many = (count: number) =>
    screen({ ...exampleStatus, processes: Array.from({ length: count }, () => process!) })
  assert.match(many(5), /Processes {5}web running, /)
  assert.doesNotMatch(many(30), /Processes/)
  assert.match(many(30), /Storage {7}812 of 1020 MiB free/)
})

test('screen/a virtual address is no page of the box', () => {
  const [port] = exampleStatus.ports
  const ports = [{ ...port!, addresses: ['192.0.2.10/24', '192.0.2.100/24'] }]
  const text = screen({ ...setUp, ports, routers: [exampleRouter] })
  assert.match(text, /https:\/\/192\.0\.2\.10\//)
  assert.doesNotMatch(text, /https:\/\/192\.0\.2\.100\//)
})

const fingerprint = /:0E:0F:\n {16}10:11:.*\n {16}A browser must show this SHA-256 /

test('screen/many long alarms leave room for address and fingerprint, and are counted', () => {
  const alarms = Array.from({ length: 9 }, (_, i) => alarm(`reason${i}`, `0${i}:00`, 40))
  const text = screen({ ...exampleStatus, alarms })
  assert.match(text, / ! reason8: /)
  assert.match(text, /and \d more\n/)
  for (const part of [/https:\/\/192\.0\.2\.10\//, fingerprint, /port1/, /Press Enter to/]) {
    assert.match(text, part)
  }
})

test('screen/twenty ports: what does not fit is counted', () => {
  const [port] = exampleStatus.ports
  const ports = Array.from({ length: 20 }, (_, i) => ({ ...port!, name: `port${i + 1}` }))
  const text = screen({ ...exampleStatus, ports })
  assert.match(text, /and \d+ more ports/)
  assert.match(text, fingerprint)
})

test('screen/what was built from a changed tree says so', () => {
  const titleOf = (commit: string) => texts({ ...exampleStatus, commit })[0]
  assert.match(titleOf('9d6e8a0b1c2d') ?? '', /^ Diarch 1\.2\.3 \(9d6e8a0\) /)
  assert.match(titleOf('9d6e8a0b1c2d-changed') ?? '', /^ Diarch 1\.2\.3 \(9d6e8a0-changed\) /)
  assert.match(titleOf('unknown') ?? '', /^ Diarch 1\.2\.3 \(unknown\) /)
})

test('screen/a box without ports, web page, watchdog and slot says so', () => {
  const bare = { ...exampleStatus, ports: [], web: null, watchdog: null, slot: null }
  const text = screen(bare)
  for (const part of [/No network port was found/, /not started yet/, /none: a box that hangs/]) {
    assert.match(text, part)
  }
  const [port] = exampleStatus.ports
  const noAddress = { ...exampleStatus, ports: [{ ...port!, addresses: ['fe80::1/64'] }] }
  assert.match(screen(noAddress), /waits for an address, by DHCP or typed in the setup/)
  assert.match(screen(noAddress), /fe80::1\/64/)
})

test('screen/another port than 443 is in the address, a trial beside the slot', () => {
  const web = { ...exampleStatus.web!, port: 8443 }
  const slot = { ...exampleStatus.slot!, state: 'trial' as const }
  const text = screen({ ...exampleStatus, web, slot })
  assert.match(text, /https:\/\/192\.0\.2\.10:8443\//)
  assert.match(text, /slot A on trial/)
})

test('screen/a notice takes the last lines', () => {
  const lines = texts(exampleStatus, 'The supervisor is silent.')
  assert.equal(lines.at(-1), ' The supervisor is silent.')
})

test('screen/always its size, and only printable characters, whatever the status says', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 })
  const [port] = exampleStatus.ports
  const status = fc
    .record({
      hostname: text,
      why: text,
      messages: fc.array(text, { maxLength: 6 }),
      names: fc.array(text, { maxLength: 6 }),
      addresses: fc.array(text, { maxLength: 3 }),
      fingerprint: text,
    })
    .map(({ hostname, why, messages, names, addresses, fingerprint }) => ({
      ...exampleStatus,
      hostname,
      health: { state: 'degraded' as const, since: '', why },
      alarms: messages.map(message => ({ reason: 'x', message, since: '' })),
      ports: names.map(name => ({ ...port!, name, addresses })),
      web: { port: 443, fingerprint },
    }))
  const columns = fc.integer({ min: 1, max: 200 })
  const rows = fc.integer({ min: 1, max: 60 })
  fc.assert(
    fc.property(status, columns, rows, (value, width, height) => {
      const lines = drawScreen(value, { columns: width, rows: height })
      assert.equal(lines.length, height)
      for (const line of lines) {
        assert.ok(line.text.length <= width)
        assert.match(line.text, /^[\x20-\x7e]*$/)
      }
    }),
  )
})

test('wrap/breaks at spaces and cuts what is longer than a line', () => {
  assert.deepEqual(wrap('one two three', 8), ['one two', 'three'])
  assert.deepEqual(wrap('abcdefghij k', 4), ['abcd', 'efgh', 'ij k'])
  assert.deepEqual(wrap('', 4), [])
  assert.deepEqual(wrap('ab', 0), ['a', 'b'])
})
