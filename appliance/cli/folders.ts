import { existsSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ofTheBox = '/run/diarch'

/** Where a supervisor is looked for: on a box its own, elsewhere the one of this user. */
export function runFolder(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const named = given ?? env.DIARCH_RUN
  if (named !== undefined && named !== '') return resolve(named)
  return existsSync(join(ofTheBox, 'control.sock')) ? ofTheBox : runFolderOfUser(env)
}

/** The folder of `diarch run`, never that of the box. */
export function runFolderOfUser(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_RUNTIME_DIR
  if (base !== undefined && base !== '') return join(base, 'diarch')
  return join(tmpdir(), `diarch-${process.getuid?.() ?? 0}`)
}

export function stateFolderOfUser(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_STATE_HOME
  if (base !== undefined && base !== '') return join(base, 'diarch')
  return join(homedir(), '.local/state/diarch')
}
