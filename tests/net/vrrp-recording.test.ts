import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { FlightEntry } from '../../appliance/api/flight-operations.ts'
import type { BoxEvent } from '../../appliance/status/events.ts'
import { refly } from '../sim/flight.ts'
import { replay } from '../sim/replay.ts'
import { pair, until } from './vrrp-network.ts'

/** Each host has its own /run; `diarch run --record` hands this to vrrpd. */
const path = '/run/recording.jsonl'
process.env.DIARCH_RECORD = path

test('what running boxes have recorded replays with the same effects', async t => {
  const { one, two, first, second } = await pair(t)
  await first.cli('failover')
  await second.untilRouter('V1', 'MASTER')

  second.signalVrrpd('SIGSTOP')
  await first.untilRouter('V1', 'MASTER')
  second.signalVrrpd('SIGCONT')
  await second.untilRouter('V1', 'BACKUP')

  await first.cli('maintenance', 'on')
  await second.untilRouter('V1', 'MASTER')
  await first.cli('maintenance', 'off')
  await first.untilRouter('V1', 'MASTER')

  for (const [host, masters] of [
    [one, 3],
    [two, 2],
  ] as const) {
    const recording = readFileSync(host.path(path), 'utf8')
    assert.equal(replay(recording).difference, null, host.name)
    const became = recording.split('"to":"master"').length - 1
    assert.ok(became >= masters, `${host.name} became master ${became} times`)
  }

  const said = async (...words: string[]) => (await first.cli(...words)).stdout
  const events = JSON.parse(await said('events', '--json')) as readonly BoxEvent[]
  const told = events.findLast(({ about, event }) => about === 'V1' && event === 'master')
  const number = told?.flight
  assert.ok(number !== undefined, 'the event says which flight shows it')
  await until('the last failover is kept', async () => {
    const kept = JSON.parse(await said('flights', '--json')) as readonly FlightEntry[]
    return kept.some(flight => flight.number === number && flight.about.includes('V1'))
  })

  const saved = '/run/flight.pcapng'
  await first.cli('flights', 'save', String(number), saved)
  const { flight, difference } = refly(readFileSync(one.path(saved)))
  assert.equal(difference, null)
  assert.deepEqual(flight.states, { V1: 'master' })
  assert.equal(flight.changes.at(-1)?.to, 'master')
  const ways = (on: string, protocol: number) =>
    new Set(
      flight.packets.filter(p => p.on === on && p.protocol === protocol).map(p => p.direction),
    )
  assert.deepEqual(ways('eth0', 0x0800), new Set(['in', 'out']))
  assert.ok(ways('eth0', 0x0806).has('out'), 'announcements')

  const read = await one.must('tcpdump', ['-nvr', saved])
  assert.match(read, /VRRPv3, Advertisement, vrid 51, prio 150/)
  assert.doesNotMatch(read, /bad cksum|invalid/)
  assert.match(read, /192\.0\.2\.100/)
  const shown = await said('flights', 'show', String(number))
  assert.match(shown, /\* V1: backup -> master: /)
})
