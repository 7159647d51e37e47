import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { KernelSetting } from '../ipvs/kernel-settings.ts'
import { planSettings, type SettingChange } from '../ipvs/kernel-settings-plan.ts'
import { writeDurably } from './durable-file.ts'

export type SettingsReport = {
  /** `again`: it had been set before, and somebody has changed it since. */
  readonly changed: readonly (SettingChange & { readonly again: boolean })[]
  /** No longer wanted, or all of them on `restore`: as they were before the first change. */
  readonly restored: readonly { readonly name: string; readonly to: string }[]
  /** Names that this kernel does not have: module not loaded, interface gone. */
  readonly missing: readonly string[]
  readonly refused: readonly { readonly name: string; readonly why: string }[]
}

/** What a setting was before the first change, and what was written last. */
type Former = { readonly former: string; readonly ours: string }

/** Of another boot nothing is known: the kernel began with its own values. */
type Kept = { readonly boot: string; readonly settings: Readonly<Record<string, Former>> }

/**
 * Keeps settings of the kernel as wanted and remembers what they were, over restarts of the process
 * too. Nothing here fails: what cannot be set is reported, and tried again with the next `keep`.
 */
export class KernelSettings {
  readonly #file: string
  readonly #root: string
  readonly #settings: Map<string, Former>
  readonly #boot: string

  private constructor(file: string, root: string) {
    this.#file = file
    this.#root = root
    this.#boot = read('/proc/sys', 'kernel/random/boot_id') ?? ''
    this.#settings = new Map(Object.entries(recorded(file, this.#boot)))
  }

  /** The file is made with the first change; `root` is /proc/sys. */
  static open(file: string, root = '/proc/sys'): KernelSettings {
    return new KernelSettings(file, root)
  }

  /** Call it on every change of what is wanted, and on a slow tick. */
  keep(wanted: readonly KernelSetting[]): SettingsReport {
    const names = new Set(wanted.map(({ name }) => name))
    const unwanted = [...this.#settings.keys()].filter(name => !names.has(name))
    const { restored, refused } = this.#putBack(unwanted)
    const plan = planSettings(wanted, name => read(this.#root, name))
    const changed: (SettingChange & { again: boolean })[] = []
    for (const change of plan.changes) {
      const known = this.#settings.get(change.name)
      // On disk before it is in force: a crash between the two must not lose the former value.
      if (known?.ours !== change.to) {
        this.#settings.set(change.name, { former: known?.former ?? change.from, ours: change.to })
        this.#save()
      }
      const why = write(this.#root, change.name, change.to)
      if (why === null) changed.push({ ...change, again: known !== undefined })
      else refused.push({ name: change.name, why })
    }
    return { changed, restored, missing: plan.missing.map(({ name }) => name), refused }
  }

  /** All as before. What somebody else has changed since stays as they want it. */
  restore(): SettingsReport {
    return { changed: [], missing: [], ...this.#putBack([...this.#settings.keys()]) }
  }

  /** Last set, first back: forwarding ends before router advertisements are refused. */
  #putBack(names: readonly string[]) {
    const restored: { name: string; to: string }[] = []
    const refused: { name: string; why: string }[] = []
    for (const name of names.toReversed()) {
      const { former, ours } = this.#settings.get(name) ?? { former: '', ours: '' }
      if (read(this.#root, name) === ours) {
        const why = write(this.#root, name, former)
        if (why !== null) {
          refused.push({ name, why })
          continue
        }
        restored.push({ name, to: former })
      }
      this.#settings.delete(name)
    }
    if (names.length > 0) this.#save()
    return { restored, refused }
  }

  #save(): void {
    const kept: Kept = { boot: this.#boot, settings: Object.fromEntries(this.#settings) }
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 })
    writeDurably(this.#file, `${JSON.stringify(kept, null, 2)}\n`)
  }
}

function recorded(file: string, boot: string): Readonly<Record<string, Former>> {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept
    return kept.boot === boot ? kept.settings : {}
  } catch {
    // Not there yet, or damaged: what counts is what the kernel has now.
    return {}
  }
}

function read(root: string, name: string): string | null {
  try {
    return readFileSync(join(root, name), 'utf8').trim().replace(/\s+/g, ' ')
  } catch {
    return null
  }
}

/** Null, or why not. */
function write(root: string, name: string, value: string): string | null {
  try {
    writeFileSync(join(root, name), value, { flag: 'r+' })
    return null
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const advice =
      code === 'EROFS' || code === 'EACCES'
        ? `In a container: give it to the container, ${name}=${value}.`
        : 'The kernel does not take this value.'
    return `${message}. ${advice}`
  }
}
