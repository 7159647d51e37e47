import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { type Duration, milliseconds } from '../../../appliance/values/duration.ts'
import { compile } from '../../lab/compile.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import type { Link } from '../../lab/namespaces/link.ts'

export type Blow = {
  /** The box has no network any more, before anything else. */
  readonly cuts: boolean
  readonly signal: 'SIGKILL' | 'SIGTERM' | null
  /** Those that get the signal, as seen from outside the lab. */
  readonly processes: readonly number[]
}

export type Struck = {
  /** Comparable with Date.now(). */
  readonly at: number
  /** How long after an advert. */
  readonly phase: Duration
}

/** Hits the box at the far end of a link, `phase` after one of its adverts: see strike.c. */
export async function strike(
  { ground, link, vrid }: { readonly ground: Host; readonly link: Link; readonly vrid: number },
  phase: Duration,
  { cuts, signal, processes }: Blow,
): Promise<Struck> {
  const output = await ground.must(await compile(join(import.meta.dirname, 'strike.c')), [
    link.port,
    String(vrid),
    String(Math.round(phase * 1000)),
    cuts ? 'cut' : 'leave',
    String(signal === null ? 0 : constants.signals[signal]),
    ...processes.map(pidInLab),
  ])
  const [, at, after] = /^struck ([\d.]+) (\d+) \d+$/m.exec(output) ?? []
  if (at === undefined || after === undefined) throw new Error(`strike said: ${output}`)
  return { at: Number(at), phase: milliseconds(Number(after) / 1000) }
}

export const pidInLab = (pid: number): string => {
  const pids = /^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return pids?.split(/\s+/).at(-1) ?? ''
}
