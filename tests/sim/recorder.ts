import { Ensemble } from '../../appliance/vrrp/ensemble.ts'
import { RecordingWriter } from '../../appliance/vrrp/recording.ts'
import { simulate } from './simulation.ts'

/** What each vrrpd of a run would have written with --record. */
export function recordingsOf(seed: number): readonly string[] {
  const recordings: string[][] = []
  simulate(seed, {
    brain: () => {
      const ensemble = new Ensemble()
      const writer = new RecordingWriter()
      const lines = [writer.begin()]
      recordings.push(lines)
      return {
        feed: input => {
          const effects = ensemble.feed(input)
          lines.push(writer.line(input, effects))
          return effects
        },
        wakeAt: () => ensemble.wakeAt(),
        members: () => ensemble.members(),
      }
    },
  })
  return recordings.map(lines => lines.join(''))
}
