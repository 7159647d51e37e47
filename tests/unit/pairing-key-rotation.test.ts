import assert from 'node:assert/strict'
import { test } from 'node:test'
import { patched } from '../../appliance/config/json-patch.ts'
import { notShown } from '../../appliance/config/not-shown.ts'
import { heartbeatKeySteps, rotationSteps } from '../../appliance/pairing/key-rotation.ts'

const signed = (...ids: readonly number[]) => ({
  interface: 'port1',
  authentication: { hmac: { keys: ids.map(id => ({ id, secret: notShown })) } },
})

/** The document after each of the changes. */
function rotated(routers: Readonly<Record<string, unknown>>) {
  const cluster = { routers }
  let [document, made]: [unknown, number] = [{ cluster }, 0]
  const secret = (): string => `hex:${made++}`
  return rotationSteps(cluster, secret).map(steps => {
    const next = patched(document, steps)
    assert.ok(next.kind === 'value', JSON.stringify(next))
    document = next.value
    return (document as { cluster: { routers: Record<string, unknown> } }).cluster.routers
  })
}

const hmacOf = (router: unknown) =>
  (router as { authentication: { hmac: { keys: unknown; activeKey?: number } } }).authentication
    .hmac

test('both know the new key, then both sign with it, then the old ones are gone', () => {
  const [learn, sign, forget] = rotated({ 'VI/1': signed(255, 0) }).map(each =>
    hmacOf(each['VI/1']),
  )
  const old = [255, 0].map(id => ({ id, secret: notShown }))
  const keys = [...old, { id: 1, secret: 'hex:0' }]
  assert.deepEqual(learn, { keys, activeKey: 255 })
  assert.deepEqual(sign, { keys, activeKey: 1 })
  assert.deepEqual(forget, { keys: [{ id: 1, secret: notShown }], activeKey: 1 })
})

test('each router has a key of its own, and who does not sign stays so', () => {
  const plain = { interface: 'port1', authentication: 'none' }
  const password = { interface: 'port1', authentication: { password: 'x' } }
  const [learn] = rotated({ VI_1: signed(1), VI_2: signed(7), VI_3: plain, VI_4: password })
  const secrets = ['VI_1', 'VI_2'].map(name => JSON.stringify(hmacOf(learn?.[name]).keys))
  assert.match(secrets[0] ?? '', /"id":2,"secret":"hex:0"/)
  assert.match(secrets[1] ?? '', /"id":8,"secret":"hex:1"/)
  assert.deepEqual([learn?.VI_3, learn?.VI_4], [plain, password])
  assert.deepEqual(rotated({ VI_3: plain }), [])
})

type Guard = { secret: string; next?: { secret: string; signs: boolean } }

const signsWith = ({ secret, next }: Guard): string => (next?.signs ? next.secret : secret)

/** What the guard of the document says after each of the changes. */
function heartbeatKeys(guard: Guard, name: string): readonly Guard[] {
  let document: unknown = { cluster: { guard } }
  return heartbeatKeySteps({ guard }, () => name).map(steps => {
    const next = patched(document, steps)
    assert.ok(next.kind === 'value', JSON.stringify(next))
    document = next.value
    return (document as { cluster: { guard: Guard } }).cluster.guard
  })
}

test('heartbeats: whichever box takes a change first, the other one hears it', () => {
  const whole = heartbeatKeys({ secret: 'old' }, 'new')
  assert.deepEqual(whole.at(-1), { secret: 'new' })
  // Also on top of one that has ended in the middle.
  for (const start of [{ secret: 'old' }, ...whole]) {
    const all = [start, ...heartbeatKeys(start, 'newer')]
    assert.deepEqual(all.at(-1), { secret: 'newer' })
    for (const [index, after] of all.slice(1).entries()) {
      const before = all[index] as Guard
      for (const [from, to] of [[before, after] as const, [after, before] as const]) {
        const heard = [to.secret, to.next?.secret]
        const words = `${JSON.stringify(to)} hears ${JSON.stringify(from)}`
        assert.ok(heard.includes(signsWith(from)), words)
      }
    }
  }
  assert.deepEqual(
    heartbeatKeySteps({}, () => 'new'),
    [],
  )
})
