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

  const all = events ?? []
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean)
  const found = all.filter(({ about, event, text }) => {
    const line = `${about} ${event} ${text}`.toLowerCase()
    return words.every(word => line.includes(word))
  })
  return (
    <>
      <h1>Events</h1>
      <div class="bar">
        <label class="filter">
          Find
          <input
            type="search"
            value={wanted}
            placeholder="VI_1, master, configuration"
            onInput={event => setWanted(event.currentTarget.value)}
          />
        </label>
        {events !== null && (
          <p class="quiet" role="status">
            {found.length} of {all.length}
          </p>
        )}
        {found.length > 0 && (
          <a download="diarch-events.json" href={asFile(found)}>
            Download these
          </a>
        )}
      </div>
      <p class="refused" role="alert">
        {why}
      </p>
      {events !== null && events.length === 0 && <p class="quiet">Nothing has happened yet.</p>}
      {found.length > 0 && (
        <ol class="panel timeline">
          {found.slice(0, mostShown).map((each, index) => (
            <li key={`${each.at} ${each.about} ${each.event} ${found.length - index}`}>
              <time dateTime={each.at}>{timeText(each.at)}</time>
              <b>{each.about}</b>
              <span>
                {each.text}
                {each.times > 1 && ` (${each.times} times)`} <small>{each.event}</small>
                {each.flight !== undefined && (
                  <a
                    href={`/api/v1/flights/${each.flight}/pcapng`}
                    download={`diarch-flight-${each.flight}.pcapng`}
                  >
                    Flight {each.flight}
                  </a>
                )}
              </span>
            </li>
          ))}
        </ol>
      )}
      {found.length > mostShown && (
        <p class="quiet">The newest {mostShown} are shown; the file has all of them.</p>
      )}
    </>
  )
}

const asFile = (events: readonly BoxEvent[]): string =>
  `data:application/json,${encodeURIComponent(JSON.stringify(events, null, 1))}`
