import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { replay } from '../sim/replay.ts'
import { pair } from './vrrp-network.ts'

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
})
