import { useEffect, useRef, useState } from 'preact/hooks'
import type { Explanation } from '../../appliance/status/service-answers.ts'
import { ask } from '../api.ts'
import { timeText } from '../times.ts'
import type { Say } from './server-buttons.tsx'

type Override = Explanation['override']

/** Another weight for now: it outlives reload and reboot until somebody takes it back. */
export function WeightForm({
  server,
  path,
  weight,
  say,
  close,
}: {
  readonly server: string
  readonly path: string
  /** In the table at present. */
  readonly weight: number | null
  readonly say: Say
  readonly close: () => void
}) {
  const [override, setOverride] = useState<Override>(null)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    input.current?.focus()
    input.current?.select()
    // Without an answer the weight can be set all the same.
    void ask<Explanation>('GET', `${path}/explanation`).then(
      found => setOverride(found.override),
      () => {},
    )
  }, [path])

  const set = async (wanted: number | null): Promise<void> => {
    if (await say({ weight: wanted })) close()
  }
  const isSet = override !== null && override.weight !== null
  return (
    <form
      class="weight"
      aria-label={`Weight of ${server} for now`}
      onSubmit={event => {
        event.preventDefault()
        void set(input.current?.valueAsNumber ?? null)
      }}
      onKeyDown={event => event.key === 'Escape' && close()}
    >
      <label>
        Weight for now
        <input
          ref={input}
          type="number"
          min={0}
          max={65_535}
          required
          defaultValue={String(override?.weight ?? weight ?? '')}
        />
      </label>
      <button type="submit" class="primary">
        Set
      </button>
      {isSet && (
        <button type="button" onClick={() => void set(null)}>
          As configured
        </button>
      )}
      {isSet && (
        <small class="said">
          {override.weight} by {override.by} since {timeText(override.since)}
        </small>
      )}
    </form>
  )
}
