import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect } from 'node:tls'
import { inOwnNetwork } from './own-network.ts'
import { twoBoxes } from './pair-run.ts'
import { compileNative, until } from './supervisor-lab.ts'

inOwnNetwork(import.meta.filename, () => {
  compileNative()

  test('a wrong code lets nobody in, and five of them end the right one', async t => {
    const [host, joiner] = await twoBoxes(t)
    const none = await joiner.join(host, '1234-5678')
    assert.deepEqual([none.status, none.body.reason], [409, 'no-code'])
    const far = await joiner.box.ask('POST', 'pair/join', { peer: '127.0.0.256', code: '12345678' })
    assert.deepEqual([far.status, far.body.reason], [400, 'bad-request'])

    const code = await host.code()
    const wrong = code.startsWith('0') ? `1${code.slice(1)}` : `0${code.slice(1)}`
    for (const left of ['4 tries are', '3 tries are', '2 tries are', '1 try is', '0 tries are']) {
      const { status, body } = await joiner.join(host, wrong)
      assert.deepEqual([status, body.reason], [409, 'wrong-code'])
      await until(
        `${left} left`,
        () => host.events(),
        events => events.at(-1)?.endsWith(`does not know the pairing code: ${left} left`) ?? false,
      )
    }
    const late = await joiner.join(host, code)
    assert.deepEqual([late.status, late.body.reason], [409, 'no-code'])
    assert.equal((await joiner.pair()).state, 'single')
    assert.equal((await joiner.box.current()).document, null)

    // Garbage from strangers harms nobody: then the right code is right.
    const again = await host.code()
    await strangers(host.port)
    const { status, body } = await joiner.join(host, again)
    assert.equal(status, 200, JSON.stringify(body))
    await joiner.state('in-sync')
    assert.equal(await joiner.box.weight(), 1)
  })
})

/** With and without TLS; each of them is shown out. */
async function strangers(port: number): Promise<void> {
  const words = [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.from([0x7f, 0xff, 0xff, 0xff]),
    Buffer.concat([Buffer.from([0, 0, 0, 2]), Buffer.from('{}')]),
    Buffer.concat([Buffer.from([0, 0, 0, 17]), Buffer.from('{"frame":"alive"}')]),
  ]
  for (const word of words) {
    await new Promise<void>(resolve => {
      const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
      socket.on('secureConnect', () => socket.write(word))
      socket.on('error', () => {})
      socket.on('close', () => resolve())
    })
  }
}
