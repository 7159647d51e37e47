import * as z from 'zod'
import type { Series } from '../ipvs/traffic-history.ts'
import type { ServiceTrafficHistory, TrafficHistoryOfAll } from '../status/traffic-history.ts'

const text = z.string()
const number = z.number()
const values = z.array(number.nullable())

const seriesSchema = z.strictObject({ connections: values, packets: values, bytes: values }).meta({
  id: 'Series',
  description: 'In a second, oldest first; null: nothing was seen then',
}) satisfies z.ZodType<Series>

const times = {
  everySeconds: number.describe('Between two values of a series'),
  endsAt: text.describe('The moment of the last value of each series'),
}

export const trafficHistorySchema = z
  .strictObject({
    ...times,
    total: seriesSchema,
    services: z.array(
      z.strictObject({
        service: text,
        at: text,
        connections: number.nullable(),
        packets: number.nullable(),
        bytes: number.nullable(),
      }),
    ),
  })
  .meta({ id: 'TrafficHistory' }) satisfies z.ZodType<TrafficHistoryOfAll>

export const serviceTrafficHistorySchema = z
  .strictObject({
    ...times,
    serversEverySeconds: number,
    places: z.array(
      z.strictObject({
        at: text,
        series: seriesSchema.nullable().describe("Null: it is not in the kernel's table"),
        servers: z.array(z.strictObject({ name: text, at: text, series: seriesSchema.nullable() })),
      }),
    ),
  })
  .meta({ id: 'ServiceTrafficHistory' }) satisfies z.ZodType<ServiceTrafficHistory>
