import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { makeCertificate } from '../../appliance/linux/certificate.ts'
import { type Identity, parseIdentity } from '../../appliance/linux/identity.ts'
import { Connection } from '../../appliance/pair/connection.ts'
import { ImageGiver } from '../../appliance/pair/image.ts'
import { dial, listen } from '../../appliance/pair/tls.ts'
import { frameBytes } from '../../appliance/pairing/frames.ts'
import { inOwnNetwork } from './own-network.ts'
import { temporaryFolder, until } from './supervisor-lab.ts'

const box = (name: string): Identity => parseIdentity(makeCertificate(name, new Date(0)))

/** A box whose software has no end. Gives how another one asks for it, and what that hears. */
async function giver(t: TestContext, idleMs?: number) {
  const socketPath = join(temporaryFolder(), 'pair.sock')
  const software = createServer((_, response) => {
    const more = (): void => {
      while (response.write(Buffer.alloc(256 * 1024, 'software')));
    }
    response.on('drain', more)
    more()
  })
  await new Promise<void>(resolve => software.listen(socketPath, resolve))
  const images = new ImageGiver({ socketPath, may: () => true }, idleMs)
  const server = await listen(box('lb1'), 0, socket => {
    socket.on('error', () => undefined)
    const onFrame = () => images.begin(connection)
    const connection = new Connection(socket, { onFrame, onClose: () => undefined })
  })
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const takers: TLSSocket[] = []
  t.after(() => {
    for (const taker of takers) taker.destroy()
    server.close()
    software.close()
    software.closeAllConnections()
  })
  return async (who: Identity) => {
    const socket = await dial(who, '127.0.0.1', address.port)
    takers.push(socket)
    socket.on('error', () => undefined).write(frameBytes({ frame: 'image' }))
    let heard = ''
    const whatComes = async (): Promise<string> => {
      socket.on('data', (part: Buffer) => {
        heard = `${heard}${part}`.slice(0, 200)
      })
      const come = await until(
        'something comes',
        () => heard,
        text => text !== '',
      )
      return come.includes('no-image') ? come.slice(4) : 'software'
    }
    return { socket, whatComes }
  }
}

inOwnNetwork(import.meta.filename, () => {
  test('who asks again is given it anew, whatever became of his first connection', async t => {
    const ask = await giver(t)
    const [lb2, other] = [box('lb2'), box('other')]
    const first = await ask(lb2)
    assert.equal(await first.whatComes(), 'software')
    const no = '{"frame":"no-image","why":"it is giving it to somebody already"}'
    assert.equal(await (await ask(other)).whatComes(), no)
    const again = await ask(lb2)
    assert.equal(await again.whatComes(), 'software')
    await until(
      'the first one is let go',
      () => first.socket.destroyed,
      isGone => isGone,
    )
    // Its end is not the end of the one that took its place.
    assert.equal(await (await ask(other)).whatComes(), no)
    again.socket.destroy()
    await until(
      'another one is served',
      async () => (await ask(other)).whatComes(),
      said => said === 'software',
    )
  })

  test('who talks and takes nothing is let go', async t => {
    const ask = await giver(t, 500)
    const { socket } = await ask(box('lb2'))
    socket.pause()
    const talking = setInterval(() => socket.write('x'), 50)
    t.after(() => clearInterval(talking))
    await until(
      'another one is served',
      async () => (await ask(box('other'))).whatComes(),
      said => said === 'software',
    )
  })
})
