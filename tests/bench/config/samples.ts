import { resolve } from 'node:path'
import { minutes } from '../../../appliance/values/duration.ts'
import { runInside } from '../../lab/uml/run-inside.ts'

/** Milliseconds and bytes; each number is one round. */
export type Samples = {
  readonly firstApply: number
  readonly apply: readonly number[]
  readonly status: readonly number[]
  readonly statusBytes: number
  readonly services: readonly number[]
  readonly servicesBytes: number
  /** From the request that drains a server until its news is there. */
  readonly news: readonly number[]
  readonly newsBytes: readonly number[]
}

/** Runs inside.ts in a kernel that has IPVS. */
export async function samplesInside(): Promise<Samples> {
  const file = resolve(import.meta.dirname, 'inside.ts')
  const { output, tests, failure } = await runInside(file, {
    within: minutes(9),
    memoryMiB: 1536,
  })
  const error = failure ?? tests.find(each => each.error !== null)?.error?.message
  if (error) throw new Error(error)
  const line = /^samples (.*)$/m.exec(output)?.[1]
  if (line === undefined) throw new Error(`no figures came back: ${output}`)
  return JSON.parse(line)
}
