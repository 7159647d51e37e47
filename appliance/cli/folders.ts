import { existsSync, lstatSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { Failure } from './exit-code.ts'

const ofTheBox = '/run/diarch'

/** For every command that asks a supervisor: its value goes into `runFolder`. */
export const runOption = [
  '--run <dir>',
  'folder of the supervisor; default: the box, or yours',
] as const

/** Where a supervisor is looked for: on a box its own, elsewhere the one of this user. */
export function runFolder(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const folder = found(given, env)
  return folder.startsWith(tmpdir()) && folder === runFolderOfUser(env) ? own(folder) : folder
}

/** The same below a command that has the option too: Commander gives it to that one. */
export const runFolderBelow = (options: { readonly run?: string }, { parent }: Command): string =>
  runFolder(options.run ?? parent?.opts<{ readonly run?: string }>().run, process.env)

function found(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const named = given ?? env.DIARCH_RUN
  if (named !== undefined && named !== '') return resolve(named)
  return existsSync(join(ofTheBox, 'control.sock')) ? ofTheBox : runFolderOfUser(env)
}

/** What a command line needs so that it finds the supervisor in this folder. */
export function runArgument(folder: string, env: NodeJS.ProcessEnv): string {
  if (folder === found(undefined, env)) return ''
  const plain = /^[\w./+-]+$/.test(folder)
  return ` --run ${plain ? folder : `'${folder.replaceAll("'", "'\\''")}'`}`
}

/** The folder of `diarch run`, never that of the box. */
export function runFolderOfUser(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_RUNTIME_DIR
  if (base !== undefined && base !== '') return join(base, 'diarch')
  return join(tmpdir(), `diarch-${process.getuid?.() ?? 0}`)
}

/** Anybody can make a folder of this name in /tmp first, and hear the passwords that it is told. */
function own(path: string): string {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there === undefined) return path
  const isOwn = there.isDirectory() && there.uid === process.getuid?.()
  if (isOwn && (there.mode & 0o022) === 0) return path
  throw new Failure(`${path} is not yours alone: remove it, or set XDG_RUNTIME_DIR`)
}

export function stateFolderOfUser(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_STATE_HOME
  if (base !== undefined && base !== '') return join(base, 'diarch')
  return join(homedir(), '.local/state/diarch')
}
