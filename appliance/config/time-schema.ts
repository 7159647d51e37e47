/** The time of day of a box. */

import * as z from 'zod'
import { parseIpAddress } from '../values/ip-address.ts'
import { parsed } from './leaves.ts'
import { key } from './meta.ts'

/** Known to the runtime: the image brings no other table of zones. */
function isZone(text: string): boolean {
  if (text === 'UTC') return true
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}

export const timeZone = parsed(
  'a time zone such as "Europe/Berlin", "America/New_York" or "UTC"',
  /^[A-Za-z][\w+/-]{0,63}$/,
  text => (isZone(text) ? text : null),
)

export const timeServer = parsed(
  'a name of a host such as "ntp.example.com", or its address',
  /^[A-Za-z\d][\w.:-]{0,252}$|^::[\da-fA-F.:]+$/,
  text => (text.includes(':') ? parseIpAddress(text) : text),
)

const serversText = 'a list of at most 8 time servers'

export const time = z
  .strictObject({
    zone: key(
      timeZone.prefault('UTC'),
      'Where people read a time, it is of this zone, such as "Europe/Berlin". What is kept, and ' +
        'the API, is in UTC.',
    ),
    servers: key(
      z.array(timeServer, { error: serversText }).max(8, { error: serversText }).optional(),
      'By NTP, such as `["ntp1.example.com", "192.0.2.123"]`. Of three or more, two have to ' +
        'agree. An empty list asks nobody.',
      { otherwise: 'those that DHCP names; without any, the clock of the box goes by itself' },
    ),
  })
  .meta({ id: 'time', title: 'Time' })
