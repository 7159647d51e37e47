import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partsOf } from '../../appliance/config/parts.ts'
import { unsignedAdverts } from '../../appliance/status/unsigned-adverts.ts'
import { accepted, pair } from './config/pair.ts'

const routers = (router: object) => partsOf(accepted(pair({ router }))).routers.routers
const hmac = (mode: string) => ({
  authentication: { hmac: { keys: [{ id: 1, secret: 'x'.repeat(32) }], mode } },
})

test('paired boxes that do not sign are told what to do, and only those', () => {
  const [alarm] = unsignedAdverts(routers({}), true)
  assert.equal(alarm?.reason, 'adverts-unsigned')
  assert.match(alarm?.message ?? '', /authentication\.hmac, with the mode "permissive" first/)
  assert.deepEqual(unsignedAdverts(routers({}), false), [], 'it may be keepalived')
  assert.equal(unsignedAdverts(routers(hmac('permissive')), true).length, 1, 'on the way')
  assert.deepEqual(unsignedAdverts(routers(hmac('enforce')), true), [])
})
