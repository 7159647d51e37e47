import { entryOf } from '../../config/entry.ts'
import type { Parts } from '../../config/parts.ts'
import type { Document } from '../../config/schema.ts'

type Made = { readonly document: Document | null; readonly parts: Parts }

/**
 * The same with the passwords as they are kept. Who logs in with a password that stood in clear
 * would be logged out by the next change else: that one has it hashed, and so is another one.
 */
export function withKeptPasswords(made: Made, kept: unknown): Made {
  const { document, parts } = made
  if (document === null) return made
  const keptUsers = (kept as Partial<Kept>).cluster?.users ?? {}
  const isSame = ([name, { password }]: [string, { readonly password: string }]): boolean =>
    entryOf(keptUsers, name)?.password === password
  if (Object.entries(document.cluster.users).every(isSame)) return made
  const users = Object.fromEntries(
    Object.entries(document.cluster.users).map(([name, user]) => {
      const password = entryOf(keptUsers, name)?.password
      return [name, password === undefined ? user : { ...user, password }]
    }),
  )
  const cluster = { ...document.cluster, users }
  return { document: { ...document, cluster }, parts: { ...parts, access: cluster } }
}

/** Of a document that has passed the schema. */
type Kept = {
  readonly cluster: { readonly users?: Readonly<Record<string, { readonly password?: string }>> }
}
