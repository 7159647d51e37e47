import * as z from 'zod'
import type { OperationDescription } from './operation.ts'

const text = z.string()
const number = z.number()

export const flightSchema = z
  .strictObject({
    number,
    at: text.describe('When it happened: ISO 8601, UTC'),
    about: z.array(text).describe('The routers that changed'),
    why: text,
    bytes: number.describe('Of the file, as it is downloaded'),
  })
  .meta({ id: 'Flight' })
export type FlightEntry = z.output<typeof flightSchema>

export const timelineLineSchema = z
  .strictObject({
    at: number.describe('Milliseconds since 1970, of the first'),
    until: number.describe('Of the last'),
    times: number.describe('As often it was seen, until a router changed'),
    on: text.describe('The interface; "machine": what the state machine was told'),
    direction: z.enum(['in', 'out']).nullable(),
    text,
    isChange: z.boolean().describe('A router is in another state'),
  })
  .meta({ id: 'TimelineLine' })

const of = { role: 'operator', body: null, query: {}, problems: ['no-such-flight'] } as const

/** What was seen before and after each failover: see appliance/flight. */
export const flightOperations = {
  listFlights: {
    method: 'GET',
    path: '/api/v1/flights',
    summary: 'The recordings of failovers that the box has kept, the newest first',
    role: 'viewer',
    body: null,
    query: {},
    answer: {
      kind: 'json',
      status: 200,
      schema: z.strictObject({ flights: z.array(flightSchema) }),
    },
    problems: [],
  },
  showFlight: {
    ...of,
    method: 'GET',
    path: '/api/v1/flights/{number}',
    summary: 'One of them as a timeline; what repeats is one line',
    answer: {
      kind: 'json',
      status: 200,
      schema: flightSchema.extend({ lines: z.array(timelineLineSchema) }),
    },
  },
  saveFlight: {
    ...of,
    method: 'GET',
    path: '/api/v1/flights/{number}/pcapng',
    summary: 'The same as a file that Wireshark and tcpdump open',
    answer: { kind: 'file', type: 'application/x-pcapng' },
  },
} as const satisfies Readonly<Record<string, OperationDescription>>
