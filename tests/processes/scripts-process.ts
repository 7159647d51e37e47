import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { launchCommand } from '../../appliance/linux/launch.ts'
import type { FromChild, ToChild } from '../../appliance/status/messages.ts'
import type { Capability, ProcessSpec } from '../../appliance/supervision/spec.ts'
import { milliseconds, seconds } from '../../appliance/values/duration.ts'
import type {
  NotifyConfig,
  NotifyHook,
  TrackerConfig,
} from '../../appliance/vrrp/tracker-config.ts'
import type {
  FifoTrouble,
  Notified,
  RouterEvent,
  TrackerVerdict,
} from '../../appliance/vrrp/tracker-messages.ts'
import { foreign, until } from './supervisor-lab.ts'

const main = join(import.meta.dirname, '../../appliance/scripts/main.ts')

type Script = Extract<TrackerConfig, { kind: 'script' }>

/** The scripts process as the supervisor has it, and a folder for what it runs. */
export class ScriptsProcess {
  readonly child: ChildProcess
  readonly folder: string
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>
  readonly messages: FromChild[] = []
  stderr = ''

  constructor(child: ChildProcess, folder: string) {
    this.child = child
    this.folder = folder
    this.exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
    child.on('message', (message: FromChild) => this.messages.push(message))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
  }

  tell(message: ToChild): void {
    this.child.send(message)
  }

  configure({
    trackers = [],
    notify = {},
    known = [],
  }: {
    trackers?: readonly TrackerConfig[]
    notify?: Partial<NotifyConfig>
    known?: readonly TrackerVerdict[]
  }): void {
    this.tell({
      kind: 'configure-scripts',
      id: 1,
      trackers,
      notify: { hooks: [], fifo: null, priorityChanges: false, ...notify },
      known,
    })
  }

  events(...events: Partial<RouterEvent>[]): void {
    this.tell({ kind: 'router-events', events: events.map(event => ({ ...master, ...event })) })
  }

  /** An executable in the folder; `$1` and so on are its arguments. */
  script(name: string, body: string, mode = 0o755): string {
    const path = join(this.folder, name)
    writeFileSync(path, `#!/bin/bash\n${body}\n`)
    chmodSync(path, mode)
    return path
  }

  /** Everything that was said about a tracker, oldest first. */
  history(name: string): TrackerVerdict[] {
    return this.messages.flatMap(message =>
      message.kind === 'verdicts' ? message.verdicts.filter(each => each.name === name) : [],
    )
  }

  verdict(name: string): TrackerVerdict | undefined {
    return this.history(name).at(-1)
  }

  untilVerdict(name: string, holds: (verdict: TrackerVerdict) => boolean): Promise<TrackerVerdict> {
    return until(
      `a verdict of ${name}`,
      () => this.verdict(name),
      seen => seen !== undefined && holds(seen),
    ) as Promise<TrackerVerdict>
  }

  untilState(name: string, state: TrackerVerdict['state']): Promise<TrackerVerdict> {
    return this.untilVerdict(name, verdict => verdict.state === state)
  }

  get notified(): Notified[] {
    return this.messages.filter(message => message.kind === 'notified')
  }

  untilNotified(count: number): Promise<Notified[]> {
    return until(
      `${count} results of hooks`,
      () => this.notified,
      seen => seen.length >= count,
    )
  }

  get troubles(): FifoTrouble[] {
    return this.messages.filter(message => message.kind === 'fifo-trouble')
  }

  tracker(own: Partial<Script> & Pick<Script, 'command'>): Script {
    return {
      name: 'check',
      kind: 'script',
      interval: milliseconds(100),
      timeout: seconds(20),
      rise: 1,
      fall: 1,
      user: null,
      initially: 'unknown',
      ...own,
    }
  }
}

export const master: RouterEvent = {
  of: 'router',
  name: 'VI_1',
  what: 'state',
  state: 'MASTER',
  priority: 100,
  at: '2026-01-01T00:00:00Z',
}

export const hook = (
  command: NotifyHook['command'],
  own: Partial<NotifyHook> = {},
): NotifyHook => ({ of: null, on: null, command, user: null, timeout: seconds(30), ...own })

/** As the supervisor starts its children on a box. */
function confined(command: ProcessSpec['command'], capabilities: readonly Capability[]) {
  const spec = foreign('scripts', '', { command, capabilities })
  return launchCommand(spec, { controlGroup: null, changesUser: true, parent: process.pid })
}

/** Started and ready; it and its folder are gone after the test. */
export async function startScripts(
  t: TestContext,
  confinedTo: readonly Capability[] | null = null,
): Promise<ScriptsProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'diarch-scripts-'))
  // Other users run scripts in it.
  chmodSync(folder, 0o755)
  const command = [process.execPath, main] as const
  const [program, args] = confinedTo === null ? [command[0], [main]] : confined(command, confinedTo)
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] })
  const scripts = new ScriptsProcess(child, folder)
  t.after(async () => {
    if (child.connected) child.disconnect()
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await scripts.exited
    clearTimeout(timer)
    rmSync(folder, { recursive: true, force: true })
  })
  await until(
    `the scripts process is ready: ${scripts.stderr}`,
    () => scripts.messages,
    seen => seen.some(({ kind }) => kind === 'ready'),
  )
  return scripts
}

/** The lines of a file that a script writes; none before it does. */
export const lines = (path: string): string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []

/** An orphan that its new parent has not collected yet does not run any more. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
