import type { FlightEntry, flightOperations } from '../../api/flight-operations.ts'
import { readFlight } from '../../flight/flight-reader.ts'
import { timelineOf } from '../../flight/timeline.ts'
import type { Control } from '../control/control.ts'
import { json, type PerformersOf } from '../control/operation.ts'
import { problem, type Refusal } from '../control/problem.ts'

/** The operations on what was recorded of failovers. */
export const flightPerformers: PerformersOf<typeof flightOperations> = {
  listFlights: ({ flights }) => json({ flights: flights.all }),
  showFlight: async (control, { names: [text = ''] }) => {
    const found = await find(control, text)
    if ('kind' in found) return found
    const lines = timelineOf(readFlight(found.bytes)?.packets ?? [])
    return json({ ...found.entry, lines })
  },
  saveFlight: async (control, { names: [text = ''] }) => {
    const found = await find(control, text)
    if ('kind' in found) return found
    const { entry, bytes } = found
    const name = `diarch-flight-${entry.number}.pcapng`
    return { kind: 'file', type: 'application/x-pcapng', name, bytes }
  },
}

async function find(
  { flights }: Control,
  text: string,
): Promise<{ readonly entry: FlightEntry; readonly bytes: Uint8Array } | Refusal> {
  const entry = flights.all.find(({ number }) => String(number) === text)
  const bytes = entry === undefined ? null : await flights.read(entry.number)
  if (entry !== undefined && bytes !== null) return { entry, bytes }
  const numbers = flights.all.map(({ number }) => number)
  const detail = numbers.length === 0 ? 'There is none yet.' : `There are: ${numbers.join(', ')}.`
  return problem(404, 'no-such-flight', `There is no flight "${text}"`, detail)
}
