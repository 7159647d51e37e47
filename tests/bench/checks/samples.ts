import { resolve } from 'node:path'
import { type Duration, minutes } from '../../../appliance/values/duration.ts'
import { runInside } from '../../lab/uml/run-inside.ts'

type Both = { readonly diarch: readonly number[]; readonly keepalived: readonly number[] }

/** Each number is one window, or one round. */
export type Load = {
  /** Milliseconds of CPU in a second. */
  readonly cpu: Both
  /** Megabytes, at most. */
  readonly memory: Both
  /** Milliseconds; of 99 % of the starts. */
  readonly late: readonly number[]
  /** In a second, as the servers counted them. */
  readonly probes: Both
}

/** Probes in an interval, as the servers counted them. */
export type Shared = Both

/** Milliseconds from the blow until the server is out of the kernel's table. */
export type Deaths = { readonly blackHole: Both; readonly refused: Both }

export type Restart = {
  readonly requests: number
  readonly failed: number
  /** Of IPVS, by netlink: what asks, and what changes something. */
  readonly reads: number
  readonly changes: number
}
export type Restarts = {
  /** At the first start: they show that such messages are seen. */
  readonly firstChanges: number
  readonly killed: readonly Restart[]
  readonly asked: readonly Restart[]
}

/** How many of the connections of each kind did not go on. */
export type Lost = { readonly of: number; readonly direct: number; readonly nat: number }
export type Failovers = { readonly planned: readonly Lost[]; readonly powerLoss: readonly Lost[] }

/** Runs a file of this folder inside of a kernel, and takes what it has told. */
export async function samplesOf<T>(name: string, within: Duration = minutes(9)): Promise<T> {
  const file = resolve(import.meta.dirname, `${name}.ts`)
  const { output, tests, failure } = await runInside(file, { within, memoryMiB: 1024 })
  const error = failure ?? tests.find(({ error }) => error !== null)?.error?.message
  if (error) throw new Error(error)
  const line = /^samples (.*)$/m.exec(output)?.[1]
  if (line === undefined) throw new Error(`no figures came back: ${output}`)
  return JSON.parse(line)
}

export const tellSamples = (samples: object): void => {
  console.log(`samples ${JSON.stringify(samples)}`)
}
