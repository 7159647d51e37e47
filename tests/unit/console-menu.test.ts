import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  closed,
  type Menu,
  type MenuEffect,
  type MenuInput,
  stepMenu,
} from '../../appliance/console/menu/menu.ts'
import { menuScreen } from '../../appliance/console/menu/menu-screen.ts'
import { changedNetwork } from '../../appliance/console/menu/network.ts'
import type { Status } from '../../appliance/status/document.ts'
import { keysOf } from '../../appliance/terminal/keys.ts'
import { instant } from '../../appliance/values/duration.ts'
import { exampleStatus } from '../processes/example-status.ts'

const status: Status = { ...exampleStatus, setup: { state: 'finished', since: '', why: '' } }

class Somebody {
  menu: Menu = closed
  readonly effects: MenuEffect[] = []
  now = 0
  status = status

  hear(input: MenuInput): void {
    const step = stepMenu(this.menu, input, this.status)
    this.menu = step.menu
    this.effects.push(...step.effects)
  }

  type(text: string): void {
    for (const key of keysOf(text, true).keys) {
      this.hear({ input: 'key', key, now: instant(this.now) })
    }
  }

  wait(minutes: number): void {
    this.now += minutes * 60_000
    this.hear({ input: 'time', now: instant(this.now) })
  }

  get text(): string {
    const size = { columns: 80, rows: 24 }
    const lines = menuScreen(this.menu, this.status, instant(this.now), size) ?? []
    return lines.map(({ text }) => text.trimEnd()).join('\n')
  }

  static loggedIn(role: 'viewer' | 'operator' | 'admin' = 'admin'): Somebody {
    const somebody = new Somebody()
    somebody.type('\r')
    somebody.type('ada\rsecret\r')
    somebody.hear({ input: 'logged-in', person: { user: 'ada', role } })
    return somebody
  }

  get asked(): string {
    const last = this.effects.at(-1)
    if (last?.action !== 'ask') return last?.action ?? 'nothing'
    const { method, path, body } = last
    return `${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`
  }
}

test('F2 or Enter asks who it is; a wrong password leads back to it, Escape out', () => {
  const somebody = new Somebody()
  somebody.type('x')
  assert.equal(somebody.menu.at, 'closed')
  somebody.type('\x1bOQ')
  assert.match(somebody.text, /Who are you\?[\s\S]*Enter alone takes: admin/)
  somebody.type('\rguess\r')
  assert.deepEqual(somebody.effects, [{ action: 'log-in', user: 'admin', password: 'guess' }])
  assert.match(somebody.text, /Looking at the password \.\.\./)
  somebody.type('\r')
  somebody.hear({ input: 'refused', lines: ['The user or the password is not right'] })
  somebody.type('\r')
  assert.match(somebody.text, /Your password\n[\s\S]*> _/)
  somebody.type('\x1b\x1b')
  assert.equal(somebody.menu.at, 'closed')
  assert.equal(somebody.effects.length, 1, 'nobody was logged in')
})

test('every item asks the API for what it says, and leads back to its list', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['21', 'GET /api/v1/pair', /The pair/],
    ['22', 'POST /api/v1/pair/code', /> 2 {2}Show a code/],
    [
      '23192.0.2.12\r1234-5678',
      'POST /api/v1/pair/join {"peer":"192.0.2.12","code":"1234-5678"}',
      /> 3 {2}Join/,
    ],
    ['32', 'PUT /api/v1/maintenance', /> 3 {2}Maintenance: take/],
    ['42', 'POST /api/v1/failover', /> 4 {2}Failover/],
    ['51192.0.2.1', 'POST /api/v1/diagnostics/ping {"address":"192.0.2.1"}', /> 1 {2}Ping/],
    [
      '522',
      'POST /api/v1/diagnostics/capture {"port":"port2","kind":"vrrp","frames":18,"seconds":10}',
      /> 2 {2}Capture VRRP/,
    ],
    ['551', 'POST /api/v1/ports/port1/blink {"seconds":15}', /> 5 {2}Blink/],
    ['61', 'GET /api/v1/events', /> 1 {2}Events/],
    ['63', 'GET /api/v1/processes/web/log', /> 3 {2}Log of web/],
    ['812', 'POST /api/v1/power {"action":"restart"}', /> 1 {2}Restart/],
    ['822', 'POST /api/v1/power {"action":"off"}', /> 2 {2}Power off/],
    [
      '84diarch-4f2a',
      'POST /api/v1/factory-reset {"hostname":"diarch-4f2a"}',
      /> 4 {2}Factory reset/,
    ],
    ['85', 'shell', /> 5 {2}A shell/],
  ]
  for (const [typed, asked, list] of cases) {
    const somebody = Somebody.loggedIn()
    // A digit picks, Enter takes it; what is longer is an answer.
    const [, digits = '', text = ''] = /^(\d{2,3}(?=$|\d{3}\.|[a-z])|\d{2})(.*)$/s.exec(typed) ?? []
    somebody.type(`${[...digits].join('\r')}\r${text === '' ? '' : `${text}\r`}`)
    assert.equal(somebody.asked, asked, `${typed}: ${somebody.text}`)
    const isShell = asked === 'shell'
    somebody.hear(isShell ? { input: 'shell-ended' } : { input: 'said', lines: ['Done.'] })
    if (!isShell) assert.match(somebody.text, /^ Done\./m)
    if (!isShell) somebody.type('\r')
    assert.match(somebody.text, list, typed)
  }
})

test('in a pair the software of the other box is one of the things to take', () => {
  const somebody = Somebody.loggedIn()
  somebody.type('8\r')
  assert.doesNotMatch(somebody.text, /software of/)
  const paired = Somebody.loggedIn()
  const known = { name: 'lb2', address: '192.0.2.12', fingerprint: 'A', version: '0.2.0' }
  const peer = { ...known, keySince: null, heardAt: null, report: null }
  paired.status = { ...status, pair: { ...status.pair, peer } }
  paired.type('8\r')
  assert.match(paired.text, /6 {2}Upgrade: take the software of lb2 \(version 0\.2\.0\)/)
  paired.type('6\r\r')
  assert.notEqual(paired.asked, 'POST /api/v1/upgrade/peer', 'Enter alone does nothing')
  paired.type('6\r2\r')
  assert.equal(paired.asked, 'POST /api/v1/upgrade/peer')
})

test('what is dangerous is asked again, and Enter alone does not do it', () => {
  for (const typed of ['3\r\r', '4\r\r', '8\r1\r\r', '8\r2\r\r', '8\r4\rlb1\r']) {
    const somebody = Somebody.loggedIn()
    somebody.type(typed)
    assert.deepEqual(
      somebody.effects.map(({ action }) => action),
      ['log-in'],
      typed,
    )
  }
})

test('what the role does not suffice for says which one does', () => {
  const viewer = Somebody.loggedIn('viewer')
  assert.match(viewer.text, /3 {2}Maintenance: take .* \(for the role operator\)/)
  viewer.type('3\r')
  assert.match(viewer.text, /This needs the role operator, and ada has viewer\./)
  const operator = Somebody.loggedIn('operator')
  operator.type('8\r5\r')
  assert.match(operator.text, /This needs the role admin, and ada has operator\./)
  assert.equal(operator.asked, 'log-in')
})

test('nobody at the keys for five minutes: logged out; at a shell or a trial, not', () => {
  const somebody = Somebody.loggedIn()
  somebody.wait(4.9)
  somebody.type('\x1b[B')
  somebody.wait(4.9)
  assert.equal(somebody.menu.at, 'asking')
  somebody.wait(0.2)
  assert.equal(somebody.menu.at, 'closed')
  assert.equal(somebody.asked, 'log-out')

  const busy = Somebody.loggedIn()
  busy.type('8\r5\r')
  busy.wait(600)
  assert.equal(busy.menu.at, 'shell')
})

test('a session that has ended asks for a login', () => {
  const somebody = Somebody.loggedIn()
  somebody.type('6\r1\r')
  somebody.hear({ input: 'session-ended' })
  assert.match(somebody.text, /Your session has ended/)
  somebody.type('\r')
  assert.match(somebody.text, /Who are you\?/)
})

test('long answers: the newest lines first seen, pages and arrows for the others', () => {
  const somebody = Somebody.loggedIn()
  somebody.type('6\r1\r')
  const lines = Array.from({ length: 50 }, (_, n) => `event ${n + 1}`)
  somebody.hear({ input: 'said', lines })
  assert.match(somebody.text, /event 32\n[\s\S]*event 50\n[\s\S]*lines 32 to 50 of 50/)
  somebody.type('\x1b[5~')
  assert.match(somebody.text, /event 13\n[\s\S]*event 31\n/)
  somebody.type('\x1b[5~\x1b[5~\x1b[B')
  assert.match(somebody.text, /event 2\n/)
})

const written = {
  interfaces: { port1: { addresses: ['192.0.2.10/24'], mtu: 9000 } },
  routes: [
    { destination: 'default', gateway: '192.0.2.1' },
    { destination: '198.51.100.0/24', gateway: '192.0.2.9' },
  ],
  dns: { servers: ['192.0.2.53'], search: ['example.com'] },
}

test('the network: what is configured is suggested, the rest stays, and it is tried', () => {
  const somebody = Somebody.loggedIn()
  somebody.type('1\r')
  assert.equal(somebody.asked, 'read-network')
  somebody.hear({ input: 'network', network: written })
  assert.match(somebody.text, /Which port\?/)
  somebody.type('\r')
  assert.match(somebody.text, /Enter alone takes: 192\.0\.2\.10\/24/)
  somebody.type('198.51.100.20/24\r')
  assert.match(somebody.text, /Which router leads out[\s\S]*Enter alone takes: 192\.0\.2\.1$/m)
  somebody.type('\r')
  assert.match(somebody.text, /192\.0\.2\.1 is not in 198\.51\.100\.0\/24/)
  somebody.type('198.51.100.1\r\r')
  assert.deepEqual(somebody.effects.at(-1), {
    action: 'try-network',
    network: {
      interfaces: { port1: { addresses: ['198.51.100.20/24'], mtu: 9000 } },
      routes: [
        { destination: '198.51.100.0/24', gateway: '192.0.2.9' },
        { destination: 'default', gateway: '198.51.100.1' },
      ],
      dns: { servers: ['192.0.2.53'], search: ['example.com'] },
    },
  })
  somebody.hear({ input: 'on-trial', until: instant(60_000) })
  assert.match(somebody.text, /Esc goes back at once, as it does by itself in 60 s/)
  somebody.type('\r')
  assert.equal(somebody.asked, 'confirm')
  somebody.hear({ input: 'said', lines: ['The network is changed, and stays so.'] })
  somebody.type('\r')
  assert.match(somebody.text, /> 1 {2}Network/)
})

test('the network: nobody presses Enter, and what was typed is still there', () => {
  const somebody = Somebody.loggedIn()
  somebody.type('1\r')
  somebody.hear({ input: 'network', network: written })
  somebody.type('\r192.0.2.77/24\r\r\r')
  somebody.hear({ input: 'on-trial', until: instant(60_000) })
  somebody.wait(1)
  assert.match(somebody.text, /Nobody pressed Enter in time/)
  somebody.type('\r\x1b\x1b')
  assert.match(somebody.text, /> 192\.0\.2\.77\/24_/)
})

test('a port of which nothing is written yet leaves the others with DHCP', () => {
  const person = { user: 'ada', role: 'admin' } as const
  const facts = { status, person, network: {} }
  const answers = { port: 'port1', address: '192.0.2.10/24', gateway: 'none', dns: 'none' }
  assert.deepEqual(changedNetwork(answers, facts), {
    interfaces: { port1: { addresses: ['192.0.2.10/24'] }, port2: { dhcp: true } },
  })
})
