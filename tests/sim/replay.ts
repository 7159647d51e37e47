import { isDeepStrictEqual } from 'node:util'
import { Ensemble } from '../../appliance/vrrp/ensemble.ts'
import { readRecording } from '../../appliance/vrrp/recording.ts'
import type { Brain } from './vrrpd.ts'

export type Replayed = {
  readonly inputs: number
  /** Null: the same effects as in the recording, at each step. */
  readonly difference: string | null
}

/** What a vrrpd has recorded, fed to a fresh ensemble. */
export function replay(text: string, ensemble: Pick<Brain, 'feed'> = new Ensemble()): Replayed {
  const recording = readRecording(text)
  if (recording.kind === 'broken') {
    return { inputs: 0, difference: `line ${recording.line}: ${recording.why}` }
  }
  for (const [index, { input, effects }] of recording.steps.entries()) {
    const now: unknown = JSON.parse(JSON.stringify(ensemble.feed(input)))
    if (isDeepStrictEqual(now, effects)) continue
    const difference = [
      // The first line is the header.
      `line ${index + 2}, ${JSON.stringify(input, mapsAsLists)}:`,
      `  then ${JSON.stringify(effects)}`,
      `  now  ${JSON.stringify(now)}`,
    ].join('\n')
    return { inputs: index + 1, difference }
  }
  return { inputs: recording.steps.length, difference: null }
}

const mapsAsLists = (_: string, value: unknown): unknown =>
  value instanceof Map ? [...value] : value
