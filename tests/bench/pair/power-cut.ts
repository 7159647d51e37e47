import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Duration,
  milliseconds,
  minutes,
  seconds,
} from '../../../appliance/values/duration.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import { type Gap, Prober } from '../../lab/namespaces/prober.ts'
import { answers } from '../../lab/namespaces/web-server.ts'
import type { Vm } from '../../lab/vm/vm.ts'

/** Two boxes in QEMU that hold the address, with a client and two servers. */
export type VmPair = {
  readonly product: string
  readonly client: Host
  /** It wins the election. */
  readonly first: Vm
  readonly firstMac: string
  /** Whether the other one would take over. */
  readonly secondFollows: () => Promise<void>
}

export const virtualAddress = '192.0.2.100'
const url = `http://${virtualAddress}/`

/** 50 new connections a second; under TCG some answers come 100 ms late without anything wrong. */
const [every, least] = [milliseconds(20), milliseconds(100)]

/** As long as the new master may still stumble. */
const aftermath = seconds(8)
const calm = seconds(6)

export const requestsTo = async (client: Host, pause = every): Promise<Prober> => {
  const script = join(import.meta.dirname, 'requests.ts')
  const words = [script, virtualAddress, `${pause}`, `${least}`]
  const program = await client.start(process.execPath, words)
  await program.until(/^up$/m)
  return new Prober(program)
}

/** The first box leads, both servers answer, and nothing has been missed for some seconds. */
export async function settled(pair: VmPair, requests: Prober | null): Promise<void> {
  const end = performance.now() + minutes(5)
  for (;;) {
    const seen = await answers(pair.client, 6, url)
    const neighbour = await pair.client.must('ip', ['neigh', 'show', virtualAddress])
    const servers = Object.keys(seen).filter(name => name.startsWith('web')).length
    if (servers === 2 && seen.failed === undefined && neighbour.includes(pair.firstMac)) break
    assert.ok(performance.now() < end, `${pair.product}: ${JSON.stringify(seen)}, ${neighbour}`)
    await sleep(500)
  }
  await pair.secondFollows()
  if (requests === null) return
  while (Date.now() - lastEnd(requests) < calm) {
    assert.ok(performance.now() < end, `${pair.product}: answers are missing all the time`)
    await sleep(200)
  }
}

const endOf = ({ start, length }: Gap): number => start + length
const lastEnd = (requests: Prober): number => Math.max(0, ...requests.gaps().map(endOf))

/** The plug of the master is pulled: how long requests were without an answer, in ms. */
export async function powerCut(pair: VmPair, requests: Prober): Promise<Duration> {
  const at = Date.now()
  await pair.first.powerCut()
  await requests.untilGap(at, minutes(1))
  await sleep(aftermath)
  const gaps = requests.gaps().filter(gap => endOf(gap) > at)
  return milliseconds(gaps.reduce((sum, { length }) => sum + length, 0))
}
