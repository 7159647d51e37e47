import * as z from 'zod'
import type { OperationDescription } from './operation.ts'

const text = z.string()

const portNameSchema = z
  .strictObject({
    name: text,
    mac: text,
    place: text.describe('Where it is plugged in; empty where it is not there'),
    driver: text,
    link: z.enum(['up', 'no-carrier', 'down', 'missing']),
    speedMbps: z.number().nullable(),
    next: text.nullable().describe('Its name from the next start on; null: it is forgotten then'),
  })
  .meta({ id: 'PortName' })

export type PortName = z.output<typeof portNameSchema>

const answer = {
  kind: 'json',
  status: 200,
  schema: z.strictObject({ ports: z.array(portNameSchema) }),
} as const

/** The names of ports. One that is assigned is in force from the next start of the box on. */
export const portOperations = {
  listPorts: {
    method: 'GET',
    path: '/api/v1/ports',
    summary: 'The ports of the box: which card has which name',
    role: 'viewer',
    body: null,
    query: {},
    answer,
    problems: [],
  },
  assignPort: {
    method: 'PUT',
    path: '/api/v1/ports/{port}/name',
    summary: 'Another name for the card of a port; another card that has it takes the old name',
    role: 'admin',
    body: z.strictObject({
      name: text,
      force: z
        .boolean()
        .default(false)
        .describe('Also where the configuration names a port that there is no more then'),
    }),
    query: {},
    answer,
    problems: ['not-the-image', 'no-such-port', 'port-name-refused', 'port-in-use', 'not-written'],
  },
  forgetPort: {
    method: 'DELETE',
    path: '/api/v1/ports/{port}',
    summary: 'Forgets a port whose card is not there any more',
    role: 'admin',
    body: null,
    query: {},
    answer,
    problems: ['not-the-image', 'no-such-port', 'port-in-use', 'not-written'],
  },
  keepPorts: {
    method: 'DELETE',
    path: '/api/v1/ports',
    summary: 'Takes back what was assigned or forgotten since the box has started',
    role: 'admin',
    body: null,
    query: {},
    answer,
    problems: ['not-the-image', 'not-written'],
  },
} as const satisfies Readonly<Record<string, OperationDescription>>
