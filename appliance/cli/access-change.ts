import { Refused } from './control-client.ts'
import { exitCode, Failure } from './exit-code.ts'
import { refusedChange } from './show-refusal.ts'

/** What the schema refuses would be part of a path first, and be refused in words about paths. */
export async function checkName(name: string): Promise<void> {
  const leaves = await import('../config/leaves.ts')
  const { success, error } = leaves.name.safeParse(name)
  if (success) return
  throw new Failure(`"${name}" is no name: expected ${error.issues[0]?.message}`, exitCode.usage)
}

/** A change of the users or tokens; what makes the document invalid is said in their words. */
export async function changeOfAccess<T>(change: Promise<T>): Promise<T> {
  try {
    return await change
  } catch (error) {
    if (!(error instanceof Refused) || error.problem.reason !== 'configuration-refused') throw error
    const { findings = [] } = error.problem
    if (findings.length === 1 && findings[0]?.path === 'cluster.users') {
      const advice = 'make another one first'
      throw new Failure(`one user has to stay admin: ${advice}`, exitCode.refused)
    }
    throw refusedChange(error, null)
  }
}
