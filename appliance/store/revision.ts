import { createHash } from 'node:crypto'
import type { Trial } from './trial.ts'

/** What is known of a revision without its document. */
export type RevisionHead = {
  /** From 1. */
  readonly number: number
  /** On top of which it was made; 0: of nothing. */
  readonly parent: number
  readonly parentHash: string
  readonly author: string
  /** As the clock of the box had it: revisions are in the order of their numbers, not of this. */
  readonly time: string
  readonly reason: string
  /** Not null: it goes away by itself unless a later revision keeps it. */
  readonly trial: Trial | null
  /** The name of the file that has its secrets; null: it has none. */
  readonly secrets: string | null
  /** SHA-256 of all the rest: with the parent's in it, it stands for everything before it. */
  readonly hash: string
}

/** As it lies in its file: secrets are not in the document. */
export type StoredRevision = RevisionHead & { readonly document: unknown }

export function sealed(unsealed: Omit<StoredRevision, 'hash'>): StoredRevision {
  const { document, ...head } = unsealed
  return { ...head, hash: hashOf(unsealed), document }
}

/** Of its JSON: what is read from a file has its keys in the order in which they were written. */
const hashOf = (unsealed: object): string =>
  createHash('sha256').update(JSON.stringify(unsealed)).digest('hex')

/** One JSON object; its first line is the head, so that a history does not read documents. */
export function revisionText({ document, ...head }: StoredRevision): string {
  return `${JSON.stringify(head).slice(0, -1)}\n,"document":${JSON.stringify(document)}}\n`
}

export type ReadHead =
  | { readonly kind: 'head'; readonly head: RevisionHead }
  | { readonly kind: 'damaged'; readonly why: string }

export type ReadRevision =
  | { readonly kind: 'revision'; readonly revision: StoredRevision }
  | { readonly kind: 'damaged'; readonly why: string }

export const damaged = (why: string) => ({ kind: 'damaged', why }) as const

/** From the beginning of a file; its checksum is of the whole, and not looked at. */
export function readHead(beginning: string, number: number): ReadHead {
  const end = beginning.indexOf('\n')
  const value = end < 0 ? undefined : parsed(`${beginning.slice(0, end)}}`)
  if (!isHead(value)) return damaged('it does not begin as a revision does')
  return value.number === number
    ? { kind: 'head', head: value }
    : damaged(`it says that it is revision ${value.number}`)
}

export function readRevision(text: string, number: number): ReadRevision {
  if (text === '') return damaged('it is empty')
  const value = parsed(text)
  if (value === undefined) return damaged('it is not whole JSON')
  if (!isHead(value) || !('document' in value)) return damaged('it is no revision')
  const { hash, ...unsealed } = value
  if (hash !== hashOf(unsealed)) return damaged('it does not match its checksum')
  if (value.number !== number) return damaged(`it says that it is revision ${value.number}`)
  return { kind: 'revision', revision: value }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The checksum vouches for the rest. */
function isHead(value: unknown): value is RevisionHead {
  if (typeof value !== 'object' || value === null) return false
  const { number, parent, author, time, hash, reason } = value as Partial<RevisionHead>
  return (
    [number, parent].every(each => typeof each === 'number') &&
    [author, time, hash, reason].every(each => typeof each === 'string')
  )
}
