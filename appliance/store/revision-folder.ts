import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { joinSecrets, type Secrets } from '../config/secrets.ts'
import { createDurably, forget, unfinished } from './new-file.ts'
import {
  damaged,
  type ReadHead,
  type RevisionHead,
  readHead,
  readRevision,
  revisionText,
  type StoredRevision,
} from './revision.ts'
import { fileNumber, readSecretFile, type SecretFile } from './secret-file.ts'

export type Revision = RevisionHead & {
  /** As it was written, secrets and all. */
  readonly document: unknown
  /** The same for everybody's eyes. */
  readonly shown: unknown
  readonly secretValues: Secrets
}

export type Loaded =
  | { readonly kind: 'revision'; readonly revision: Revision }
  | { readonly kind: 'damaged'; readonly why: string }
  | { readonly kind: 'absent' }

/** More than any head has: authors and reasons have limits. */
const headBytes = 16_384

/**
 * `revisions/00000012.json` and, apart from it, `secrets/00000012-DIGEST.json`. Revisions with the
 * same secrets share a file. The secrets are on the disk before the revision that needs them.
 */
export class RevisionFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** Ascending, whether they can be read or not. Throws when nobody can say. */
  numbers(): readonly number[] {
    return namesIn(join(this.path, 'revisions'))
      .filter(name => /^\d{8}\.json$/.test(name))
      .map(name => Number.parseInt(name, 10))
      .sort((a, b) => a - b)
  }

  fileOf = (number: number): string => join(this.path, 'revisions', `${fileNumber(number)}.json`)

  head(number: number): ReadHead {
    const bytes = Buffer.alloc(headBytes)
    try {
      const file = openSync(this.fileOf(number), 'r')
      try {
        const size = readSync(file, bytes, 0, headBytes, 0)
        return readHead(bytes.toString('utf8', 0, size), number)
      } finally {
        closeSync(file)
      }
    } catch (error) {
      return damaged(unreadable(error))
    }
  }

  load(number: number): Loaded {
    const text = textOf(this.fileOf(number))
    if (text.kind !== 'text') return text
    const read = readRevision(text.text, number)
    if (read.kind === 'damaged') return read
    const { document: shown, ...head } = read.revision
    const found = this.#secrets(head.secrets)
    if (found.kind === 'damaged') return found
    const joined = joinSecrets(shown, found.secrets)
    if (joined.kind === 'missing') {
      return damaged(`no secret is kept for ${joined.places.join(', ')}`)
    }
    const { document } = joined
    return { kind: 'revision', revision: { ...head, document, shown, secretValues: found.secrets } }
  }

  #secrets(name: string | null) {
    if (name === null) return { kind: 'secrets', secrets: {} } as const
    const path = join(this.path, 'secrets', name)
    const text = textOf(path)
    if (text.kind === 'absent') return damaged(`its secrets are missing: ${path}`)
    if (text.kind === 'damaged') return damaged(`its secrets, ${path}: ${text.why}`)
    const secrets = readSecretFile({ name, text: text.text })
    if (secrets === null) return damaged(`its secrets, ${path}, do not match their checksum`)
    return { kind: 'secrets', secrets } as const
  }

  /** False: another writer was faster with this number. */
  add(revision: StoredRevision, secrets: SecretFile | null): boolean {
    const file = secrets === null ? null : join(this.path, 'secrets', secrets.name)
    try {
      if (file !== null && secrets !== null) createDurably(file, secrets.text)
      if (createDurably(this.fileOf(revision.number), revisionText(revision))) return true
    } catch (error) {
      if (file !== null) forget(file)
      throw error
    }
    if (file !== null) forget(file)
    return false
  }

  prune(keep: number, always: readonly number[]): void {
    const numbers = this.numbers()
    for (const number of numbers.slice(0, Math.max(0, numbers.length - keep))) {
      if (!always.includes(number)) forget(this.fileOf(number))
    }
    this.#pruneSecrets()
  }

  /**
   * Secrets that no revision names any more. Those of the number that comes next are left alone:
   * somebody may be about to write their revision.
   */
  #pruneSecrets(): void {
    const numbers = this.numbers()
    const newest = numbers.at(-1) ?? 0
    const heads = numbers.map(number => this.head(number))
    // What a damaged revision needs may yet be of use to somebody who repairs it.
    if (heads.some(({ kind }) => kind === 'damaged')) return
    const needed = new Set(heads.map(each => (each.kind === 'head' ? each.head.secrets : null)))
    for (const name of namesIn(join(this.path, 'secrets'))) {
      const finished = !name.endsWith(unfinished)
      if (finished && !needed.has(name) && Number.parseInt(name, 10) <= newest) {
        forget(join(this.path, 'secrets', name))
      }
    }
  }

  removeUnfinished(): void {
    for (const folder of ['revisions', 'secrets'].map(name => join(this.path, name))) {
      for (const name of namesIn(folder)) {
        if (name.endsWith(unfinished)) forget(join(folder, name))
      }
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

const unreadable = (error: unknown): string => `it cannot be read: ${(error as Error).message}`

function textOf(path: string) {
  try {
    return { kind: 'text', text: readFileSync(path, 'utf8') } as const
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'absent' } as const
    return damaged(unreadable(error))
  }
}
