/** Times for people. What is kept and what programs read is in UTC. */

/** `2030-01-01 01:00:08 +01:00`, `2030-01-01 00:00:08 UTC`. */
export function localTime(iso: string, zone: string): string {
  const at = local(iso, zone)
  return at === null ? iso : `${at.day} ${at.time} ${at.offset}`
}

/** `01:00 +01:00`: of today. */
export function localMinute(iso: string, zone: string): string {
  const at = local(iso, zone)
  return at === null ? iso : `${at.time.slice(0, 5)} ${at.offset}`
}

/** Under a heading that names the zone, to the millisecond. */
export function localMoment(iso: string, zone: string): string {
  const at = local(iso, zone)
  return at === null ? iso : `${at.day} ${at.time}${/\.\d+/.exec(iso)?.[0] ?? ''}`
}

type Local = { readonly day: string; readonly time: string; readonly offset: string }

/** Null: it is no such time. */
function local(iso: string, zone: string): Local | null {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(iso) ?? []
  if (day === undefined || time === undefined) return null
  if (zone === 'UTC') return { day, time, offset: 'UTC' }
  const parts = formatOf(zone).formatToParts(Date.parse(iso))
  const of = (type: string): string => parts.find(part => part.type === type)?.value ?? ''
  return {
    day: `${of('year')}-${of('month')}-${of('day')}`,
    time: `${of('hour')}:${of('minute')}:${of('second')}`,
    // In summer it may be another one: it goes with each time.
    offset: of('timeZoneName').replace('GMT', '') || '+00:00',
  }
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Made once for each zone: that costs far more than its use. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const made =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: zone, hourCycle: 'h23', timeZoneName: 'longOffset' },
      ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
    })
  formats.set(zone, made)
  return made
}
