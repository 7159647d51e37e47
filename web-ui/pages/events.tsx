import { useEffect, useState } from 'preact/hooks'
import type { BoxEvent } from '../../appliance/status/events.ts'
import { ask, textOf } from '../api.ts'
import { timeText } from '../times.ts'

const everyMs = 3000
const mostShown = 200

/** One timeline: elections, checks, configuration, with their reasons. */
export function Events() {
  const [events, setEvents] = useState<readonly BoxEvent[] | null>(null)
  const [why, setWhy] = useState('')
  const [wanted, setWanted] = useState('')

  useEffect(() => {
    const look = async (): Promise<void> => {
      try {
        const answer = await ask<{ events: readonly BoxEvent[] }>('GET', '/api/v1/events')
        setEvents(answer.events.toReversed())
        setWhy('')
      } catch (error) {
        setWhy(textOf(error))
      }
    }
    void look()
    const timer = setInterval(() => void look(), everyMs)
    return () => clearInterval(timer)
  }, [])

  const found = (events ?? []).filter(({ about, event, text }) =>
    `${about} ${event} ${text}`.toLowerCase().includes(wanted.toLowerCase()),
  )
  return (
    <>
      <h1>Events</h1>
      <label class="filter">
        Find
        <input
          type="search"
          value={wanted}
          placeholder="VI_1, master, configuration"
          onInput={event => setWanted(event.currentTarget.value)}
        />
      </label>
      <p class="refused" role="alert">
        {why}
      </p>
      {events !== null && events.length === 0 && <p class="quiet">Nothing has happened yet.</p>}
      {found.length > 0 && (
        <p>
          <a download="diarch-events.json" href={asFile(found)}>
            Download these {found.length}
          </a>
        </p>
      )}
      <ol class="timeline">
        {found.slice(0, mostShown).map((each, index) => (
          <li key={`${each.at} ${each.about} ${each.event} ${found.length - index}`}>
            <time dateTime={each.at}>{timeText(each.at)}</time>
            <b>{each.about}</b> {each.event}: {each.text}
            {each.times > 1 && ` (${each.times} times)`}
          </li>
        ))}
      </ol>
    </>
  )
}

const asFile = (events: readonly BoxEvent[]): string =>
  `data:application/json,${encodeURIComponent(JSON.stringify(events, null, 1))}`
