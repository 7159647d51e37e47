import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { milliseconds, minutes } from '../../appliance/values/duration.ts'
import { newestImage } from '../../image/run/newest-image.ts'
import { requestsTo } from '../bench/pair/power-cut.ts'
import { probe } from '../lab/namespaces/prober.ts'
import { answers } from '../lab/namespaces/web-server.ts'
import { type StormBox, stormPair } from '../storm/boxes.ts'
import { Change, underWay } from '../storm/change.ts'
import { hangSupervisor } from '../storm/hang.ts'
import { Holders } from '../storm/holders.ts'
import { pausedFor, pauseLeader } from '../storm/pause.ts'
import { drawStorm, wordsOf } from '../storm/plan.ts'
import { outcomeInWords, weather } from '../storm/storm.ts'
import { takeToken, untilWell } from '../storm/wellness.ts'
import { neighbourhood } from './storm-neighbours.ts'

/**
 * The beginning of the same storm in each run, at twice the pace: emulated boxes need minutes for a
 * whole one. `npm run storm` draws another one each time, of as many sequences as it is told.
 */
const [seed, pace] = [Number(process.env.SEED ?? 6), 2]
const sequences = Number(process.env.SEQUENCES ?? 4)

// biome-ignore lint/suspicious/noExplicitAny: as the API shows it.
type Fits = (cluster: any) => boolean

/** A service that `pairing` does not ask for: the answers must not go past the director. */
const oneArm = {
  virtual: ['192.0.2.100:8080'],
  forwarding: 'nat',
  servers: { server1: '192.0.2.21:80', server2: '192.0.2.22:80' },
}

test('a pair that has set itself up, and what it goes through', async t => {
  const pair = await stormPair(t, process.env.DIARCH_IMAGE ?? newestImage())
  const { client } = pair
  const [one, two] = pair.boxes
  const beside = await neighbourhood(pair)
  let writing: Change | null = null
  const begun = performance.now()
  /** After one that fails there is nothing to build upon. */
  const chapter = async (title: string, work: () => Promise<void>): Promise<void> => {
    let failed: unknown = null
    await t.test(title, () =>
      work().catch(error => {
        failed = error
        throw error
      }),
    )
    if (failed !== null) throw failed
    t.diagnostic(`after ${Math.round((performance.now() - begun) / 1000)} s: ${title}`)
  }
  /** Emulated boxes that have to start processes for it may answer after the connection's end. */
  const change = async (box: StormBox, patch: readonly object[], fits: Fits): Promise<void> => {
    for (const end = Date.now() + minutes(4); ; ) {
      await box.remote.ask('POST', 'configuration/changes', { patch }).catch(() => undefined)
      const shown = await box.remote.must('GET', 'configuration')
      if (fits(shown.document.cluster)) return
      assert.ok(Date.now() < end, JSON.stringify(shown))
    }
  }
  const neighbour = async () => (await client.must('ip', ['neigh', 'show', '192.0.2.100'])).trim()
  const untilServed = async (url: string): Promise<void> => {
    for (const end = Date.now() + minutes(2); ; ) {
      const counts = await answers(client, 4, url)
      if (counts.web21 === 2 && counts.web22 === 2) return
      assert.ok(Date.now() < end, `${url}: ${JSON.stringify(counts)}`)
    }
  }

  await chapter(
    'answers that QEMU hands over make a pair, and its page takes the password',
    async () => {
      await untilWell(pair)
      const login = { user: 'admin', password: 'hunter3hunter3' }
      assert.equal((await one.remote.ask('POST', 'session', login)).status, 401)
      await takeToken(pair)
    },
  )

  await chapter(
    'two boxes from the image serve at one address, also after a power cut of one',
    async () => {
      const patch = [
        ...beside.patch,
        { op: 'add', path: '/cluster/services/oneArm', value: oneArm },
      ]
      await change(one, patch, ({ services }) => services.oneArm !== undefined)
      await beside.untilLease(one, 'held')
      await beside.untilLease(two, 'taken')
      await untilServed('http://192.0.2.100/')
      await untilServed('http://192.0.2.100:8080/')
      assert.match(
        await neighbour(),
        new RegExp(one.mac),
        'the one with the higher priority has it',
      )

      const prober = await probe(client, '192.0.2.100')
      writing = new Change(one)
      await sleep(underWay)
      const cut = Date.now()
      await one.powerOff()
      const gap = await prober.untilGap(cut, minutes(1))
      await prober.stop()
      assert.match(await neighbour(), new RegExp(two.mac), 'the other one has it')
      t.diagnostic(`the address was silent for ${gap.length} ms`)
      // Its table was there all the time.
      assert.deepEqual(await answers(client, 4, 'http://192.0.2.100/'), { web21: 2, web22: 2 })
      assert.deepEqual(await answers(client, 4, 'http://192.0.2.100:8080/'), { web21: 2, web22: 2 })
      await beside.untilLease(two, 'held')
      await one.powerOn()
    },
  )

  await chapter('SNMP, fencing and a witness, while the other box starts', () => beside.visit(two))

  await chapter(
    'power was cut while the configuration was written: it is one, and whole',
    async () => {
      const { after, missing } = await untilWell(pair)
      t.diagnostic(`well after ${Math.round(after)} ms (${missing})`)
      t.diagnostic(`the change was ${await writing?.settled(pair)}`)
      // A test of a device that falls into an outage counts until the next one, an hour later.
      const patch = [{ op: 'remove', path: '/cluster/fencing' }]
      await change(two, patch, ({ fencing }) => fencing === undefined)
      await untilWell(pair)
    },
  )

  const holders = await Holders.watch(pair.lab, pair.lan, '192.0.2.100')
  const requests = await requestsTo(client, milliseconds(10))

  await chapter('the master stands still for 5 s: the other one serves, and then one', async () => {
    const { both, isRight } = await pauseLeader(pair, holders)
    t.diagnostic(`two owners for ${Math.round(both)} ms`)
    assert.ok(isRight, 'the client has the hardware address of the box that answers')
    assert.ok(both < pausedFor / 2, `two boxes had the address for ${both} ms`)
  })

  await chapter(
    'the supervisor of the master hangs: somebody serves, and the box comes back',
    async () => {
      const { reset, missed, recovery } = await hangSupervisor(pair, requests)
      const [before, all] = [missed.before, missed.inAll].map(Math.round)
      const told = `${before} ms without an answer, ${all} in all`
      t.diagnostic(`reset after ${Math.round(reset)} ms, at most ${told}; well ${recovery.missing}`)
      assert.ok(missed.before < reset / 4, `${missed.before} ms without an answer until the reset`)
      assert.ok(missed.inAll < reset / 4, `${missed.inAll} ms without an answer`)
    },
  )

  await chapter('the pair is well by itself after each sequence of faults', async () => {
    for (const sequence of drawStorm(seed, 8, pace).slice(0, sequences)) {
      const words = `SEED=${seed}: ${sequence.map(wordsOf).join('; ')}`
      const outcome = await weather({ pair, requests, holders }, sequence).catch(error => {
        throw new Error(words, { cause: error })
      })
      t.diagnostic(`${words}: ${outcomeInWords(outcome)}`)
    }
  })
})
