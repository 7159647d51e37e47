import { join } from 'node:path'
import { readRelease } from '../linux/release.ts'

/** What the supervisor tells the web process through its environment. */
export type Settings = {
  /** Key and certificate live in `web/` below it. */
  readonly stateFolder: string
  /** The supervisor's `web.sock` is in it. */
  readonly runFolder: string
  /** Where the bundles are; the page is in `web-ui/` below it. */
  readonly libraryFolder: string
  /** 0 lets the kernel choose: the status document then says which. */
  readonly port: number
  /** When this software was built: no certificate of ours can be older. */
  readonly builtAt: Date
}

export class SettingsError extends Error {
  constructor(name: string, value: string | undefined, expected: string) {
    super(`${name} is ${value === undefined ? 'not set' : `"${value}"`}; expected ${expected}`)
    this.name = 'SettingsError'
  }
}

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const libraryFolder = folder(env, 'DIARCH_LIB')
  return {
    stateFolder: folder(env, 'DIARCH_STATE'),
    runFolder: folder(env, 'DIARCH_RUN'),
    libraryFolder,
    port: wholeNumber('DIARCH_WEB_PORT', env.DIARCH_WEB_PORT, 65_535),
    // The source tree has no build time: then the software is as old as this start.
    builtAt: readRelease(join(libraryFolder, 'release')).built ?? new Date(),
  }
}

function folder(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name]
  if (!value?.startsWith('/')) throw new SettingsError(name, value, 'an absolute path')
  return value
}

function wholeNumber(name: string, value: string | undefined, max: number): number {
  const number = /^\d{1,12}$/.test(value ?? '') ? Number(value) : Number.NaN
  if (!(number <= max)) throw new SettingsError(name, value, `a whole number from 0 to ${max}`)
  return number
}
