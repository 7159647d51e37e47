import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { ProcessMachine } from '../../appliance/supervision/process-machine.ts'
import type { ProcessSpec } from '../../appliance/supervision/spec.ts'
import { Children } from '../../appliance/supervisor/children/children.ts'
import { milliseconds, minutes, seconds } from '../../appliance/values/duration.ts'

export const tree = join(import.meta.dirname, '../..')

/** The children are started through a compiled program. */
export function compileNative(): void {
  execFileSync('bash', [join(tree, 'appliance/linux/native/build.sh')], { stdio: 'inherit' })
}

/** Polls until the condition holds; fails with what it saw last. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  holds: (seen: T) => boolean,
  within = 30_000,
): Promise<T> {
  const end = performance.now() + within
  for (;;) {
    const seen = await look()
    if (holds(seen)) return seen
    if (performance.now() > end) {
      throw new Error(`not within ${within} ms: ${what}; last seen: ${JSON.stringify(seen)}`)
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

const folders: string[] = []
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** It goes with this process: what a test ends writes into it until its very end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'diarch-supervisor-'))
  folders.push(folder)
  return folder
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A shell program that knows nothing of IPC. */
export const foreign = (name: string, script: string, own: Partial<ProcessSpec> = {}) =>
  spec(name, ['/bin/sh', '-c', script], { ready: { by: 'spawned' }, silentLimit: null, ...own })

/** A Node program that says ready and alive, does `script`, and goes when the channel closes. */
export const speaking = (name: string, script = '', own: Partial<ProcessSpec> = {}) =>
  spec(
    name,
    [
      process.execPath,
      '-e',
      `process.on('disconnect', () => process.exit(0))
       process.on('message', m => { if (m.kind === 'stop') process.exit(0) })
       process.send({ kind: 'ready' })
       setInterval(() => process.send({ kind: 'alive', lagMs: 0 }), 100)
       ${script}`,
    ],
    own,
  )

function spec(
  name: string,
  command: ProcessSpec['command'],
  own: Partial<ProcessSpec>,
): ProcessSpec {
  return {
    name,
    command,
    order: 1,
    user: null,
    trusted: false,
    hearsStatus: true,
    capabilities: [],
    scheduling: { kind: 'normal', nice: 0 },
    restart: {
      when: 'always',
      firstWait: milliseconds(100),
      factor: 2,
      longestWait: seconds(2),
      forgetAfter: minutes(1),
    },
    memoryLimitMiB: null,
    ready: { by: 'message', within: seconds(20) },
    silentLimit: seconds(20),
    stopWithin: seconds(4),
    ...own,
  }
}

export type Event = { readonly name: string; readonly state: string; readonly at: number }

/** The shell around the roster, with real processes; everything is stopped after the test. */
export function startChildren(t: TestContext, ...specs: ProcessSpec[]) {
  const events: Event[] = []
  const children = new Children({
    env: process.env,
    controlGroups: null,
    changesUser: false,
    onLine: () => {},
    onStateChange: (name, state) => {
      const now = children.roster.children.get(name)?.state
      // When the machine entered it: this is told later, by as much as the machine was busy.
      events.push({ name, state, at: now && 'since' in now ? now.since : performance.now() })
    },
    onReady: () => {},
    onMessage: () => {},
    onExit: () => {},
  })
  t.after(() => children.stopAll())
  children.want(specs)
  const state = (name: string): ProcessMachine | undefined =>
    children.roster.children.get(name)?.state
  const lines = (name: string): string[] =>
    children
      .log(name)
      ?.lines()
      .map(line => line.text) ?? []
  return {
    children,
    events,
    state,
    lines,
    is: (name: string, kind: ProcessMachine['kind']) =>
      until(
        `${name} is ${kind}`,
        () => state(name),
        seen => seen?.kind === kind,
      ),
    pid: (name: string): number => {
      const seen = state(name)
      if (seen === undefined || !('pid' in seen) || seen.pid === null) {
        throw new Error(`${name} has no process: ${JSON.stringify(seen)}`)
      }
      return seen.pid
    },
  }
}
