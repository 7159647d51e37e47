import { join } from 'node:path'
import { readRelease } from '../linux/release.ts'

/** What the supervisor tells this process through its environment. */
export type Settings = {
  /** Key and certificate are in it. */
  readonly folder: string
  /** Of the supervisor: what is too long for its channel goes that way. */
  readonly socketPath: string
  /** 0 lets the kernel choose. */
  readonly port: number
  /** When this software was built: no certificate of ours can be older. */
  readonly builtAt: Date
}

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const { DIARCH_STATE: state, DIARCH_LIB: lib, DIARCH_PAIR_PORT: port } = env
  const { DIARCH_RUN: run } = env
  if (!state?.startsWith('/') || !lib?.startsWith('/') || !run?.startsWith('/')) {
    throw new Error('DIARCH_STATE, DIARCH_LIB or DIARCH_RUN is not set; expected absolute paths')
  }
  if (!/^\d{1,5}$/.test(port ?? '') || Number(port) > 65_535) {
    throw new Error(`DIARCH_PAIR_PORT is "${port ?? ''}"; expected a number from 0 to 65535`)
  }
  return {
    folder: join(state, 'pair'),
    socketPath: join(run, 'pair.sock'),
    port: Number(port),
    // The source tree has no build time: then the software is as old as this start.
    builtAt: readRelease(join(lib, 'release')).built ?? new Date(),
  }
}
