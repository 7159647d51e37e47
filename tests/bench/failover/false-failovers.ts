import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { seconds, minutes as toMinutes } from '../../../appliance/values/duration.ts'
import type { Program } from '../../lab/namespaces/program.ts'
import type { Bench, Group } from '../groups.ts'
import { type Bar, type Case, shownBeside } from '../report.ts'
import { say } from '../shown.ts'
import type { DiarchBox } from './diarch-box.ts'
import { diarchPair, keepalivedPair, oneAddress, probed, ready, start, watched } from './pair.ts'
import { pidInLab } from './strike.ts'

const loopsPerCore = 4

const bar: Bar = {
  name: '0.1 s, 4 busy loops per core, web process collecting garbage: changes',
  unit: 'changes of state',
  bar: 0,
}

/** Both pairs in the same minutes, so that they bear the same load. */
async function measure({ lab, folder, length: minutes }: Bench): Promise<readonly Case[]> {
  const settings = { version: 3 as const, intervalMs: 100, virtualAddresses: oneAddress }
  const own = await diarchPair(lab, folder, settings)
  const theirs = await keepalivedPair(lab, settings)
  for (const pair of [own, theirs]) await start(pair)
  for (const pair of [own, theirs]) await ready(pair)
  const prober = await probed(own)
  const records = [watched(own), watched(theirs)]

  const loops: Program[] = []
  for (let loop = 0; loop < loopsPerCore * availableParallelism(); loop += 1) {
    loops.push(await lab.ground.start('sh', ['-c', 'while :; do :; done']))
  }
  const storms = [await stormIn(own.first, minutes), await stormIn(own.second, minutes)]
  say(`   ${loops.length} busy loops for ${minutes} min`)
  const within = toMinutes(minutes + 2)
  const collected = []
  for (const storm of storms) {
    const [, times, took] = await storm.until(/collected (\d+) times, (\d+) ms/, { within })
    collected.push(`${times} collections, ${took} ms`)
  }
  for (const loop of loops) await loop.kill()

  const [ours, peers] = await Promise.all(records.map(record => record()))
  const held = Math.max(0, ...prober.held().map(hold => hold.length))
  const notes = [
    `${minutes} min; in the web processes: ${collected.join(' and ')}`,
    `the machine held up even a SCHED_FIFO process for ${held.toFixed(0)} ms`,
  ]
  for (const note of notes) say(`   ${note}`)
  return [{ ...shownBeside(bar, [ours!.changes], 'keepalived', [peers!.changes]), notes }]
}

async function stormIn(box: DiarchBox, minutes: number): Promise<Program> {
  const script = join(import.meta.dirname, 'garbage-storm.ts')
  const args = [script, pidInLab(box.child('web')), String(minutes * 60)]
  const storm = await box.host.start(process.execPath, args)
  await storm.until(/storming/, { within: seconds(120) })
  return storm
}

export const falseFailovers: Group = { name: 'false-failovers', bars: [bar], measure }
