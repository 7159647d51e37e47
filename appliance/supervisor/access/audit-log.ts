import type { IncomingHttpHeaders } from 'node:http'
import { calmRefusals, note, type RefusalPace } from '../../access/refusal-pace.ts'
import type { AuditEntry } from '../../api/access-schema.ts'
import type { Caller } from '../../api/caller.ts'
import { now } from '../../linux/monotonic-clock.ts'
import type { Answer } from '../control/operation.ts'
import type { Route } from '../control/routes.ts'
import type { Login } from './access.ts'
import { AuditFile } from './audit-file.ts'
import { clientIn } from './gate.ts'

const longestName = 64
/** Of what was done, and of what was refused. */
const mostShown = 500

type Said = Pick<AuditEntry, 'operation' | 'names' | 'outcome' | 'revision' | 'tried'>

/**
 * Who changed what on this box, and who was refused: one line of JSON each, kept on the disk.
 * Anybody can be refused as often as he likes, so refusals have a file of their own.
 */
export class AuditLog {
  readonly #deeds: AuditFile
  readonly #denials: AuditFile
  readonly #onTrouble: (why: string | null) => void
  readonly #refusals = new Map<string, RefusalPace>()
  #last: Promise<void> = Promise.resolve()

  /** `onTrouble` hears why it cannot be kept, and null when it can again. */
  constructor(stateDir: string, onTrouble: (why: string | null) => void) {
    this.#deeds = new AuditFile(stateDir, 'audit')
    this.#denials = new AuditFile(stateDir, 'audit-refused')
    this.#onTrouble = onTrouble
  }

  /** Of everything that is more than looking; the caller is null when nobody was recognised. */
  async record(
    route: Route,
    caller: Caller | null,
    answer: Answer,
    headers: IncomingHttpHeaders = {},
  ): Promise<void> {
    const { id, description } = route
    // A login knows more about itself; what merely looks changes nothing.
    if (description.method === 'GET' || id === 'logIn') return
    const outcome: Said['outcome'] = answer.kind === 'problem' ? answer.problem.reason : 'done'
    const said = { operation: id, names: namesOf(route), outcome, tried: null }
    const from = caller === null ? clientIn(headers) : caller.from
    await this.#note(caller, { ...said, revision: revisionOf(answer) }, from)
  }

  async login({ from }: Caller, user: string, login: Login): Promise<void> {
    const outcomes = {
      session: 'done',
      refused: 'login-refused',
      wait: 'too-many-attempts',
    } as const
    const outcome = outcomes[login.kind]
    const holder: Caller | null =
      login.kind === 'session'
        ? { name: user, role: login.session.role, via: 'session', from }
        : null
    const tried = user.slice(0, longestName)
    await this.#note(
      holder,
      { operation: 'logIn', names: {}, outcome, revision: null, tried },
      from,
    )
  }

  /** The newest, oldest first. A line that a power cut has left half written is left out. */
  async entries(): Promise<readonly AuditEntry[]> {
    await this.#last
    const kept = await Promise.all([this.#deeds.lines(), this.#denials.lines()])
    const entries = kept.flatMap(lines => lines.slice(-mostShown).flatMap(entryIn))
    return entries.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  }

  async #note(caller: Caller | null, said: Said, from: string | null): Promise<void> {
    // A flood of the one is not to hide the other.
    const whose = caller === null ? `nobody ${said.operation}` : `${caller.via} ${caller.name}`
    const missed = said.outcome === 'done' ? 0 : this.#missed(whose)
    if (missed === null) return
    const at = new Date().toISOString()
    const who = { who: caller?.name ?? null, via: caller?.via ?? null, from }
    await this.#append({ at, ...who, ...said, notWritten: missed })
  }

  #missed(key: string): number | null {
    const { pace, missed } = note(this.#refusals.get(key) ?? calmRefusals(now()), now())
    this.#refusals.set(key, pace)
    return missed
  }

  /** Resolves when it is on the disk, or cannot be: a full disk stops no failover. */
  #append(entry: AuditEntry): Promise<void> {
    this.#last = this.#last.then(async () => {
      try {
        const file = entry.outcome === 'done' ? this.#deeds : this.#denials
        await file.add(JSON.stringify(entry))
        this.#onTrouble(null)
      } catch (error) {
        this.#onTrouble(error instanceof Error ? error.message : String(error))
      }
    })
    return this.#last
  }
}

function entryIn(line: string): readonly AuditEntry[] {
  try {
    return [JSON.parse(line) as AuditEntry]
  } catch {
    return []
  }
}

function namesOf({ description, names }: Route): Readonly<Record<string, string>> {
  const keys = [...description.path.matchAll(/\{(\w+)\}/g)].map(([, key = '']) => key)
  return Object.fromEntries(
    keys.map((key, index) => [key, (names[index] ?? '').slice(0, longestName)]),
  )
}

/** Answers about changes of the configuration have the revision that they made. */
function revisionOf(answer: Answer): number | null {
  if (answer.kind !== 'json') return null
  const { revision } = answer.value as { readonly revision?: { readonly number?: unknown } | null }
  return typeof revision?.number === 'number' ? revision.number : null
}
