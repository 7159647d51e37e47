import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diarch } from '../lab/namespaces/diarch.ts'
import { type Forgery, fire, forge } from '../lab/namespaces/forge.ts'
import type { Host } from '../lab/namespaces/host.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { pair } from '../unit/config/pair.ts'
import { startInside, told } from './inside-host.ts'
import { config, router, until, virtual } from './vrrp-network.ts'

const counted = async (box: Host, counter: string): Promise<number> => {
  const listed = await box.must('nft', ['list', 'counter', 'inet', 'diarch_vrrp', counter])
  return Number(/packets (\d+)/.exec(listed)?.[1])
}

const answers = async (from: Host, to: string): Promise<boolean> => {
  const { stdout } = await from.run('socat', ['-T3', '-', `TCP:${to},connect-timeout=1`])
  return stdout.includes('hello')
}

test('the rules: what strangers and closed addresses get in a kernel', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const [box, other] = [await lab.host('box'), await lab.host('other')]
  await box.plug(lan, { name: 'eth0', address: ['192.0.2.1/24', `${virtual}/24`] })
  await other.plug(lan, { name: 'eth0', address: '192.0.2.9/24' })
  for (const port of [80, 8080]) {
    const listener = await box.start('socat', [
      ...['-d', '-d'],
      ...[`TCP-LISTEN:${port},fork`, 'EXEC:echo hello'],
    ])
    await listener.until(/listening/)
  }
  const document = pair({
    router: { accept: false, unicast: { peers: ['192.0.2.2'] } },
    cluster: { services: { shop: { virtual: [`${virtual}:80`], servers: { a: '192.0.2.9:80' } } } },
  })
  const program = await startInside(box, 'vrrp-guard', { document })
  assert.equal((await program.closed).code, 0, program.output)
  assert.deepEqual(told(program), ['set', 'as-wanted'])

  assert.equal(await answers(other, `${virtual}:80`), true, 'a service')
  assert.equal(await answers(other, `${virtual}:8080`), false, 'what nobody balances')
  assert.equal(await other.pings(virtual), false)
  assert.ok((await counted(box, 'closed')) >= 2)
  assert.equal(await answers(other, '192.0.2.1:8080'), true, 'at its own address')
  assert.equal(await other.pings('192.0.2.1'), true)
  assert.equal(await answers(box, `${virtual}:8080`), true, 'the box itself')

  const destinationMac = await box.mac('eth0')
  const say = (forgery: Forgery) =>
    fire(other, {
      frames: [forge({ destination: '192.0.2.1', destinationMac, ...forgery })],
      times: 200,
    })
  await say({ source: '192.0.2.2' })
  await say({ source: '192.0.2.66', vrid: 52 })
  assert.equal(await counted(box, 'strangers'), 0, 'a peer, and another router')
  await say({ source: '192.0.2.66' })
  const refused = await counted(box, 'strangers')
  assert.ok(refused > 100 && refused < 200, `${refused} of 200: a few pass and are named`)
})

test('diarch run: a closed address, until the box leaves the host as it was', async t => {
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const [one, client] = [await lab.host('one'), await lab.host('client')]
  await one.plug(lan, { name: 'eth0', address: '192.0.2.1/24' })
  await client.plug(lan, { name: 'eth0', address: '192.0.2.9/24' })
  const tables = () => one.must('nft', ['list', 'tables'])
  const box = await diarch(one, config({ V1: router(100, { accept: false }) }))
  await box.untilRouter('V1', 'MASTER')
  assert.match(await tables(), /inet diarch_vrrp/)
  assert.equal(await client.pings(virtual), false)
  const known = await client.must('ip', ['neighbour', 'show', virtual])
  assert.ok(known.includes(await one.mac('eth0')), 'who has it is still told')

  await box.reload(config({ V1: router(100) }))
  await until('it answers', () => client.pings(virtual))
  assert.doesNotMatch(await tables(), /diarch_vrrp/)

  await box.reload(config({ V1: router(100, { accept: false }) }))
  assert.match(await tables(), /inet diarch_vrrp/)
  await box.stop()
  assert.doesNotMatch(await tables(), /diarch_vrrp/)
})
