import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinByFile } from '../../appliance/supervisor/pair/file-joining.ts'
import type { JoinRefusal, JoinWish } from '../../appliance/supervisor/pair/joining.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'

const found = (name: string, address: string, port = 4343) => ({
  name,
  version: '0.1.0',
  fingerprint: name,
  addresses: [address],
  port,
})

const away = { reason: 'no-peer', title: 'No box answers', detail: '' } as const
const noCode = { reason: 'no-code', title: 'It shows no code', detail: '' } as const
const wrong = { reason: 'wrong-code', title: 'That is not the code', detail: '' } as const

/** What it asks for and what it says, while the world answers as given. */
async function run(
  peer: string | null,
  looks: readonly (readonly ReturnType<typeof found>[])[],
  refusals: readonly (JoinRefusal | null)[],
) {
  const [joins, said]: [JoinWish[], string[]] = [[], []]
  let [needs, looked, pauses] = [0, 0, 0]
  const result = await joinByFile(
    {
      kind: 'join',
      document: {},
      code: '12345678',
      peer: peer === null ? null : ipAddress(peer),
      port: 'port2',
    },
    {
      pairPort: 4343,
      isOver: () => pauses > 10,
      pause: async () => {
        pauses += 1
      },
      tell: words => void said.push(words),
      pair: {
        isJoining: false,
        join: async wish => refusals[joins.push(wish) - 1] ?? null,
        process: {
          need: () => {
            needs += 1
            return () => {
              needs -= 1
            }
          },
          discover: async () => looks[looked++] ?? [],
        },
      },
    },
  )
  assert.equal(needs, 0, 'the process is not needed any more')
  return { result, joins, said }
}

test('a first box that is not up yet is waited for', async () => {
  const { result, joins, said } = await run('192.0.2.11', [], [away, away, noCode, null])
  assert.equal(result, null)
  assert.equal(joins.length, 4)
  const interfaces = { named: {}, all: 'port2' }
  const at = { address: '192.0.2.11', port: 4343, code: '12345678' }
  assert.deepEqual(joins[0], { ...at, anyVersion: false, interfaces })
  assert.equal(said[2], 'This box waits for the first one at 192.0.2.11: It shows no code')
})

test('a wrong code is not tried twice', async () => {
  const { result, joins } = await run('192.0.2.11', [], [away, wrong])
  assert.equal(result, wrong)
  assert.equal(joins.length, 2)
})

test('without an address it joins the one box that shows a code', async () => {
  const [a, b] = [found('lb1', '192.0.2.11', 5000), found('x', '192.0.2.99')]
  const { result, joins, said } = await run(null, [[], [a, b], [a]], [null])
  assert.equal(result, null)
  assert.deepEqual([joins[0]?.address, joins[0]?.port], ['192.0.2.11', 5000])
  assert.match(said[0] ?? '', /none on its networks shows a pairing code so far/)
  assert.match(said[1] ?? '', /several .*: lb1 at 192\.0\.2\.11:5000, x at 192\.0\.2\.99\./)
})

test('it ends when somebody sets the box up in another way', async () => {
  const { result } = await run('192.0.2.11', [], Array(99).fill(away))
  assert.equal(result, null)
})
