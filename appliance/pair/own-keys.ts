import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { syncFolder, writeDurably } from '../linux/durable-file.ts'
import { type Identity, parseIdentity } from '../linux/identity.ts'
import type { OwnKeys as Keys } from '../pairing/own-key.ts'
import { unixTime } from '../values/unix-time.ts'

export type OwnKeysSite = {
  readonly folder: string
  /** What is in use when this process starts. */
  readonly identity: Identity
  /** Key and certificate, as PEM. */
  readonly make: () => string
  readonly report: (line: string) => void
}

/**
 * The keys of this box on its disk: `identity.pem` is in use, `identity.next.pem` is known to the
 * other box or about to be. All of it is done at once, so that no connection sees half of it.
 */
export class OwnKeys {
  readonly #site: OwnKeysSite
  readonly #path: string
  readonly #nextPath: string
  #current: Identity
  #next: Identity | null

  constructor(site: OwnKeysSite) {
    this.#site = site
    this.#path = join(site.folder, 'identity.pem')
    this.#nextPath = join(site.folder, 'identity.next.pem')
    this.#current = site.identity
    this.#next = this.#readNext()
  }

  get current(): Identity {
    return this.#current
  }

  get keys(): Keys {
    const { fingerprint } = this.#current
    return { fingerprint, since: this.#since(), next: this.#next?.fingerprint ?? null }
  }

  /** Null: the next key is on the disk; else why not. */
  make(): string | null {
    if (this.#next !== null) return null
    return this.#tried('a new key cannot be kept', () => {
      const made = parseIdentity(this.#site.make())
      writeDurably(this.#nextPath, made.pem)
      this.#next = made
    })
  }

  /** Null: the next key is in use, and the one before is nowhere any more; else why not. */
  use(fingerprint: string): string | null {
    const next = this.#next
    if (next === null || next.fingerprint !== fingerprint) return 'that key is not the next one'
    return this.#tried('a new key cannot be used', () => {
      const now = new Date()
      utimesSync(this.#nextPath, now, now)
      const old = openSync(this.#path, 'r+')
      try {
        renameSync(this.#nextPath, this.#path)
        // On the disk before anybody sees it: the other box forgets the old one then.
        syncFolder(this.#site.folder)
        this.#current = next
        this.#next = null
        this.#wipe(old)
      } finally {
        closeSync(old)
      }
    })
  }

  /** The new key is in use, whatever becomes of this. */
  #wipe(old: number): void {
    try {
      overwrite(old)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.#site.report(`the old key, which nobody takes any more, is still on the disk: ${why}`)
    }
  }

  #tried(what: string, act: () => void): string | null {
    try {
      act()
      return null
    } catch (error) {
      const why = `${what}: ${error instanceof Error ? error.message : String(error)}`
      this.#site.report(why)
      return why
    }
  }

  /** The time of the file: a certificate's own dates say nothing (linux/certificate.ts). */
  #since(): Keys['since'] {
    try {
      return unixTime(Math.round(statSync(this.#path).mtimeMs))
    } catch {
      // It could not be kept, and is for this run.
      return unixTime(Date.now())
    }
  }

  #readNext(): Identity | null {
    try {
      return parseIdentity(readFileSync(this.#nextPath, 'utf8'))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      this.#site.report(`${this.#nextPath} is damaged: the box makes another key when it needs one`)
      try {
        rmSync(this.#nextPath, { force: true })
      } catch {
        // The disk is read-only: another one cannot be kept either.
      }
      return null
    }
  }
}

/** A file without a name is still on the disk: who takes the disk out does not find the key. */
function overwrite(file: number): void {
  writeSync(file, Buffer.alloc(fstatSync(file).size), 0, undefined, 0)
  fsyncSync(file)
}
