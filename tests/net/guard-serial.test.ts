import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Diarch, diarch } from '../lab/namespaces/diarch.ts'
import { SerialCable } from '../lab/serial-cable.ts'
import { carrierGoes, killedInSilence } from './guard-pair.ts'
import { chapters, downInterval, holdsVirtual, network, router, until } from './vrrp-network.ts'

const due = downInterval(100, 500)
const secret = 'hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Neither adverts nor heartbeats of UDP leave the box. */
const wall = `table inet wall {
  chain out { type filter hook output priority 0; ip protocol 112 drop; udp dport 9694 drop; }
}`

const stateOf = async (box: Diarch, path: string) =>
  (await box.status()).guard?.paths.find(({ name }) => name === path)

test('two boxes that are joined by a serial cable too', async t => {
  const cable = new SerialCable(t)
  await cable.plug()
  const { devices, links: ends } = cable
  const scene = await network(t)
  const { one, two } = scene
  const own = (box: 1 | 2): object => ({
    schemaVersion: 2,
    cluster: {
      routers: { V1: router(box === 1 ? 150 : 100, { advertInterval: '500ms' }) },
      guard: { secret, heartbeatInterval: '100ms' },
    },
    node: {
      heartbeats: { lan: { interface: 'eth0', peer: `192.0.2.${3 - box}` } },
      serialHeartbeats: { cable: { device: devices[box - 1], baud: 38_400 } },
    },
  })
  const first = await diarch(one, own(1))
  const second = await diarch(two, own(2))
  for (const box of [first, second]) {
    for (const path of ['lan', 'cable']) {
      await until(`${path} is up`, async () => (await stateOf(box, path))?.state === 'up')
    }
  }
  const pair = { ...scene, first, second }
  const chapter = chapters(t, pair)

  await chapter('all that is Ethernet is silent: no takeover, two alarms', async () => {
    for (const host of [one, two]) await host.must('nft', ['-f', '-'], { input: wall })
    await second.untilEvent(e => e.about === 'V1' && e.event === 'adverts-missing')
    await second.untilEvent(e => e.event === 'path-silent')
    // A login begins on the port of box one.
    for (let i = 0; i < 4; i++) {
      writeFileSync(ends[0], '\r\nlb1 login: ')
      await sleep(500)
    }
    assert.equal((await second.router('V1')).state, 'BACKUP')
    assert.equal(await holdsVirtual(two), false)
    const { alarms } = await second.status()
    assert.deepEqual(alarms.map(({ reason }) => reason).sort(), ['adverts-missing', 'path-silent'])
    assert.match(alarms.map(({ message }) => message).join(), /other box over lan: no heartbeat/)
    const { peer, baud, interface: on } = (await stateOf(second, 'cable')) ?? {}
    assert.deepEqual([peer, baud, on], [null, 38_400, devices[1]])
    // Counters are told every five seconds.
    await until('the login is counted', async () => {
      return ((await stateOf(second, 'cable'))?.counters.refused['too-short'] ?? 0) > 0
    })
    const { stdout } = await second.cli('status')
    assert.match(stdout, /cable: up, pts\/\d+, 38400 baud: heartbeats come in/)
    for (const host of [one, two]) await host.must('nft', ['delete', 'table', 'inet', 'wall'])
    await second.untilEvent(e => e.event === 'adverts-missing-over')
  })

  await chapter('the master loses its only interface: the other one hears of it at once', () =>
    carrierGoes(pair, due),
  )

  await chapter('vrrpd is killed behind a dead switch: the supervisor says so', () =>
    killedInSilence(pair, due),
  )

  await chapter('the cable is pulled out: an alarm, and nothing moves', async () => {
    await cable.unplug()
    for (const box of [first, second]) {
      await until('the alarm', async () => {
        const { alarms } = await box.status()
        return alarms.some(({ reason, message }) => {
          return reason === 'path-silent' && /over cable: pts\/\d+: there is no such/.test(message)
        })
      })
    }
    assert.equal((await first.router('V1')).state, 'MASTER')
  })
})
