import type { Alarm } from '../../appliance/status/document.ts'
import { timeText } from '../times.ts'

export function Alarms({ alarms }: { readonly alarms: readonly Alarm[] }) {
  if (alarms.length === 0) return null
  return (
    <section class="alarms" aria-label="Alarms">
      {alarms.map(({ reason, message, since }) => (
        <p key={`${reason} ${message}`}>
          <b>{reason}</b> {message} <time dateTime={since}>since {timeText(since)}</time>
        </p>
      ))}
    </section>
  )
}
