import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Duration, minutes } from '../../appliance/values/duration.ts'
import { scratchFolder, type TestContext } from '../lab/vm/scratch.ts'

export const project = resolve(import.meta.dirname, '../..')

/** What builds on this machine have downloaded; build.sh knows it by the same names. */
export const warmCache =
  process.env.DIARCH_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'diarch')

/** A copy as from a fresh clone, so that a test cannot hurt the tree it runs in. */
export const freshTree = (t: TestContext): string => {
  const folder = scratchFolder(t)
  chmodSync(folder, 0o755) // for other users too
  const made = ['build', 'dist', 'node_modules', '.git'].map(name => join(project, name))
  const filter = (path: string) => !made.includes(path)
  cpSync(project, join(folder, 'tree'), { recursive: true, filter })
  return join(folder, 'tree')
}

/** The same with the npm packages of this tree. */
export const treeWithNpmPackages = async (t: TestContext): Promise<string> => {
  const tree = freshTree(t)
  const modules = join(tree, 'node_modules')
  // Links take no time; where they cannot be made (another file system), copies.
  const from = join(project, 'node_modules')
  const { code } = await run('cp', ['-al', from, modules])
  if (code !== 0) {
    rmSync(modules, { recursive: true, force: true })
    const copied = await run('cp', ['-a', from, modules])
    if (copied.code !== 0) throw new Error(`no npm packages for ${tree}: ${copied.said}`)
  }
  const lock = ['package.json', 'package-lock.json'].map(name => readFileSync(join(tree, name)))
  const stamp = createHash('sha256').update(Buffer.concat(lock)).digest('hex')
  rmSync(join(modules, '.diarch'), { force: true })
  writeFileSync(join(modules, '.diarch'), `${stamp}  -\n`)
  return tree
}

/** Files that are there, hidden ones too; none when there is no such folder. */
export const namesIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).toSorted() : []

export type Outcome = {
  readonly code: number | null
  /** What it printed to both. */
  readonly said: string
  readonly lastLine: string
}

export type RunOptions = {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Kills all of it as soon as this holds. */
  readonly killWhen?: () => boolean
  readonly within?: Duration
}

/** What a user has who never built anything here. */
const bareEnvironment = (cwd: string): Record<string, string> => ({
  PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C.UTF-8',
  HOME: join(cwd, '../home'),
})

/** Runs a program to its end; it and all that it started are gone after that. */
export const run = async (
  program: string,
  args: readonly string[],
  { cwd = project, env = {}, killWhen, within = minutes(4) }: RunOptions = {},
): Promise<Outcome> => {
  const child = spawn(program, args, {
    cwd,
    env: { ...bareEnvironment(cwd), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const kill = () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL')
    } catch {} // it is gone
  }
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      said += text
    })
  }
  const closed = once(child, 'close')
  let ended = false
  void closed.finally(() => {
    ended = true
  })
  const limit = setTimeout(kill, within)
  if (killWhen) {
    while (!ended && !killWhen()) await wait(5)
    kill()
  }
  const [code] = await closed
  clearTimeout(limit)
  kill()
  return { code, said, lastLine: said.trimEnd().split('\n').at(-1) ?? '' }
}

const root = process.getuid?.() === 0

/** Words before a command: without any network, in a mount namespace, as nobody in particular. */
export const withoutNetwork = root ? ['unshare', '-n'] : ['unshare', '-rn']
export const asNobody = root
  ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--']
  : []
/**
 * A script with a network and processes of its own: what it has started ends with it, a box that
 * would run on too, and no port of this machine is in the way.
 */
export const onItsOwn = (script: string): string[] => {
  const spaces = [...(root ? [] : ['-r']), '-n', '-m', '-p', '--fork', '--kill-child']
  return ['unshare', ...spaces, '--mount-proc', 'sh', '-c', `ip link set lo up\n${script}`]
}
/** A file system of that size is in the folder while the command runs. */
export const withTmpfs = (folder: string, options: string): string[] => {
  const script = 'mount -t tmpfs -o "$2" none "$1" && shift 2 && exec "$@"'
  return ['unshare', root ? '-m' : '-rm', 'sh', '-c', script, 'sh', folder, options]
}

export const runWords = async (
  words: readonly string[],
  options?: RunOptions,
): Promise<Outcome> => {
  const [program, ...args] = words
  if (program === undefined) throw new Error('runWords: no program')
  return await run(program, args, options)
}
