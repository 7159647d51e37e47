import { useState } from 'preact/hooks'
import type { Alarm } from '../../appliance/status/document.ts'
import { linkTo } from '../route.ts'
import { timeText } from '../times.ts'

const atOnce = 3

/** `whole`: with their texts; else how many there are. */
export function Alarms({
  alarms,
  whole,
}: {
  readonly alarms: readonly Alarm[]
  readonly whole: boolean
}) {
  const [all, setAll] = useState(false)
  if (alarms.length === 0) return null
  const count = alarms.length === 1 ? '1 alarm' : `${alarms.length} alarms`
  if (!whole) {
    return (
      <p class="alarms">
        <a href={linkTo()}>{count}</a>
      </p>
    )
  }
  return (
    <section class="alarms" aria-label="Alarms">
      <h2>{count}</h2>
      <ul>
        {alarms.slice(0, all ? alarms.length : atOnce).map(({ reason, message, since }) => (
          <li key={`${reason} ${message}`}>
            {message}{' '}
            <small>
              {reason}, since <time dateTime={since}>{timeText(since)}</time>
            </small>
          </li>
        ))}
      </ul>
      {!all && alarms.length > atOnce && (
        <button type="button" onClick={() => setAll(true)}>
          Show {alarms.length - atOnce} more
        </button>
      )}
    </section>
  )
}
