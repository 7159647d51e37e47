import { useState } from 'preact/hooks'
import type { ExplainedCheck, Explanation } from '../../appliance/status/service-answers.ts'
import { useAsked } from '../asked.ts'
import { Badge } from '../badge.tsx'
import { timeText } from '../times.ts'

const everyMs = 2000

/** The last results of each check of a server, asked for while they are looked at. */
export function CheckResults({ server, path }: { readonly server: string; readonly path: string }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details class="results" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        Last results<span class="hidden"> of {server}</span>
      </summary>
      {isOpen && <Results path={`${path}/explanation`} />}
    </details>
  )
}

function Results({ path }: { readonly path: string }) {
  const [explanation, why] = useAsked<Explanation>(path, everyMs)
  return (
    <>
      <p class="refused" role="alert">
        {why}
      </p>
      {explanation?.checks.map(check => (
        <Check key={check.name} check={check} />
      ))}
    </>
  )
}

function Check({ check: { name, kind, latencyMs, history } }: { check: ExplainedCheck }) {
  return (
    <>
      <p>
        {name} ({kind}): {rowText(history)}
        {latencyMs !== null &&
          `; answers in ${ms(latencyMs.median)}, at most ${ms(latencyMs.longest)}`}
      </p>
      <Strip history={history} />
      <ol aria-label={`Results of ${name}, the newest first`}>
        {history.toReversed().map(({ at, tookMs, passed, reason, why }) => (
          <li key={at}>
            <time dateTime={at}>{timeText(at)}</time>{' '}
            <Badge state={passed ? 'passed' : (reason ?? 'failed')} />{' '}
            {tookMs !== null && ms(tookMs)} <span>{why}</span>
          </li>
        ))}
      </ol>
    </>
  )
}

/** The same as a picture, the oldest first: how long each took, against the longest. */
function Strip({ history }: Pick<ExplainedCheck, 'history'>) {
  const longest = Math.max(...history.map(({ tookMs }) => tookMs ?? 0), 1)
  return (
    <div class="strip" aria-hidden="true">
      {history.map(({ at, tookMs, passed, why }) => (
        <span
          key={at}
          class={passed ? 'passed' : 'failed'}
          style={{ height: passed ? `${heightOf(tookMs ?? 0, longest)}%` : '100%' }}
          title={`${timeText(at)} ${why}`}
        />
      ))}
    </div>
  )
}

/** The shortest can be seen too. */
const heightOf = (took: number, longest: number): number => 20 + Math.round((80 * took) / longest)

/** How often in a row it has said the same, as far as is remembered. */
function rowText(history: ExplainedCheck['history']): string {
  const last = history.at(-1)
  if (last === undefined) return 'no result yet'
  const other = history.findLastIndex(({ passed }) => passed !== last.passed)
  const count = history.length - 1 - other
  return `the last ${count === 1 ? 'one' : count} ${last.passed ? 'passed' : 'failed'}`
}

const ms = (length: number): string => `${length.toFixed(1)} ms`
