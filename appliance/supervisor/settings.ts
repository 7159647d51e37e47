import { resolve } from 'node:path'
import { libDir } from '../linux/lib-dir.ts'

/** Where this supervisor works, and with what. */
export type Settings = {
  readonly appliance: boolean
  readonly stateDir: string
  readonly runDir: string
  readonly libDir: string
  readonly webPort: number
  /** Where the paired box connects. */
  readonly pairPort: number
  /** Null: the configuration is in the store. */
  readonly configFile: string | null
  /** What somebody has put on the disk of a box for its first start. */
  readonly handWritten: string | null
  /** Null: nobody resets a laptop. */
  readonly watchdog: string | null
  /** Null: no memory limits. */
  readonly controlGroup: string | null
}

export function settingsFrom(env: NodeJS.ProcessEnv): Settings {
  if (env.DIARCH_APPLIANCE === '1') {
    return {
      appliance: true,
      stateDir: '/state',
      runDir: '/run/diarch',
      libDir,
      webPort: 443,
      pairPort: 4343,
      configFile: null,
      handWritten: '/state/diarch.json',
      watchdog: '/dev/watchdog',
      controlGroup: '/sys/fs/cgroup/diarch',
    }
  }
  return {
    appliance: false,
    stateDir: folder(env, 'DIARCH_STATE'),
    runDir: folder(env, 'DIARCH_RUN'),
    libDir,
    webPort: port(env, 'DIARCH_WEB_PORT', undefined),
    pairPort: port(env, 'DIARCH_PAIR_PORT', '4343'),
    configFile: env.DIARCH_CONFIG ? resolve(env.DIARCH_CONFIG) : null,
    handWritten: null,
    watchdog: null,
    controlGroup: null,
  }
}

/** What every child finds in its environment. */
export function childEnvironment(settings: Settings, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    DIARCH_STATE: settings.stateDir,
    DIARCH_RUN: settings.runDir,
    DIARCH_LIB: settings.libDir,
    DIARCH_WEB_PORT: String(settings.webPort),
    DIARCH_PAIR_PORT: String(settings.pairPort),
  }
}

function folder(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name]
  if (value === undefined || value === '') {
    throw new Error(`${name} is not set: start with "diarch run", or set it to a folder`)
  }
  return resolve(value)
}

function port(env: NodeJS.ProcessEnv, name: string, otherwise: string | undefined): number {
  const text = env[name] ?? otherwise
  const value = Number(text)
  if (text === undefined || !/^\d{1,5}$/.test(text) || value > 65_535) {
    throw new Error(`${name} is "${text ?? ''}": expected a port number from 0 to 65535`)
  }
  return value
}
