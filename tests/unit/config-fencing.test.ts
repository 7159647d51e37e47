import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partsOf } from '../../appliance/config/parts.ts'
import { accepted, pair, refusals } from './config/pair.ts'

const bmc = (box: string, more: object = {}) => ({
  ...{ kind: 'redfish', box, server: `bmc-${box}.example` },
  ...{ login: { user: 'diarch', password: 'correct' }, ...more },
})
const both = { one: bmc('one'), two: bmc('two', { delay: '5s' }) }
const heartbeats = { beside: { interface: 'eth1', peer: '198.51.100.2' } }
const secret = 'hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'

const fenced = (fencing: object, node: object = {}) =>
  pair({
    cluster: { guard: { secret }, fencing: { policy: 'required', devices: both, ...fencing } },
    node: { hostname: 'one', heartbeats, ...node },
  })

const said = (document: unknown) => refusals(document).join('\n')

test('without a word silence is enough, and nothing is switched', () => {
  const { guard, fencing } = partsOf(accepted(pair({}))).routers
  assert.equal(guard.fencing.policy, 'off')
  assert.deepEqual(fencing.devices, {})
})

test('a pair whose boxes can switch each other', () => {
  const { guard, fencing } = partsOf(accepted(fenced({}))).routers
  assert.deepEqual(guard.fencing, { policy: 'required', waitAtMost: 60_000 })
  assert.equal(guard.corroborate, false)
  assert.equal(fencing.own, 'one')
  assert.deepEqual([fencing.action, fencing.startWait, fencing.testEvery], ['off', null, 3.6e6])
  const { one } = fencing.devices
  assert.deepEqual([one?.delay, one?.timeout], [0, 30_000])
})

test('whom a device switches has to be beyond doubt', () => {
  assert.match(
    said(fenced({}, { hostname: undefined })),
    /node\.hostname: .*host name with fencing/,
  )
  const others = /devices for two boxes, one of them three, which is this one/
  assert.match(said(fenced({}, { hostname: 'three' })), others)
  assert.match(said(fenced({ devices: { two: both.two } })), /devices for two boxes/)
  assert.match(said(fenced({ devices: { ...both, x: bmc('x') } })), /devices for two boxes/)
  accepted(fenced({ policy: 'off', devices: { two: both.two } }))
})

test('both may not switch each other off at once, and silence needs a path to be heard on', () => {
  const same = { one: bmc('one'), two: bmc('two') }
  assert.match(said(fenced({ devices: same })), /another delay for one of the two boxes/)
  assert.match(said(fenced({}, { heartbeats: {} })), /node\.heartbeats.*a path beside VRRP/)
})

test('who waits less than the delay uses no device at all', () => {
  const attempt = (waitAtMost: string) => said(fenced({ policy: 'attempt', waitAtMost }))
  assert.match(attempt('5s'), /waitAtMost.*longer than the delay of 5 s/)
  assert.equal(attempt('6s'), '')
})

test('a host with libvirt: both certificates, and a key that nobody has to unlock', () => {
  const pem = (what: string) => `-----BEGIN ${what}-----\nAAAA\n-----END ${what}-----\n`
  const host = (more: object) => {
    const two = {
      ...{ kind: 'libvirt', box: 'two', delay: '5s', server: '192.0.2.7', machine: 'two' },
      ...{ ca: pem('CERTIFICATE'), certificate: pem('CERTIFICATE'), secret: pem('PRIVATE KEY') },
      ...more,
    }
    return said(fenced({ devices: { one: both.one, two } }))
  }
  assert.equal(host({}), '')
  assert.equal(host({ secret: pem('EC PRIVATE KEY') }), '')
  assert.match(host({ secret: pem('ENCRYPTED PRIVATE KEY') }), /a key without a password as PEM/)
  assert.match(host({ ca: undefined }), /ca/)
  assert.match(host({ uri: 'qemu+tls://host/system' }), /the URI of a hypervisor/)
})

test('a power strip: one way in, a state for each outlet, two values', () => {
  const outlets = ['1.3.6.1.4.1.318.1.1.4.4.2.1.3.7']
  const strip = (more: object) => {
    const two = { kind: 'pdu', box: 'two', delay: '5s', server: '192.0.2.7', outlets, ...more }
    return said(fenced({ devices: { one: both.one, two } }))
  }
  assert.equal(strip({ secret: 'private' }), '')
  assert.match(strip({}), /either a community or a login/)
  assert.match(
    strip({ secret: 'private', states: [outlets[0], outlets[0]] }),
    /one for each outlet/,
  )
  assert.match(strip({ secret: 'private', off: 1 }), /another value than that of on/)
})
