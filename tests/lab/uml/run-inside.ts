import { execFileSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Duration, seconds } from '../../../appliance/values/duration.ts'
import { compile } from '../compile.ts'
import type { Host } from '../namespaces/host.ts'
import { openLab } from '../namespaces/lab.ts'
import type { Program } from '../namespaces/program.ts'
import { enterProgram, wireProgram } from '../namespaces/programs.ts'
import { asTree, type Outcome, readEvents, unfinished } from './outcome.ts'

export type KernelOptions = {
  /** For everything, the boot included. */
  readonly within?: Duration
  readonly memoryMiB?: number
}

const here = import.meta.dirname
const project = resolve(here, '../../..')
const exchange = '/run/exchange'

const boot = async (host: Host, file: string, memoryMiB: number): Promise<Program> => {
  // Inside, the tree can only be read.
  execFileSync('bash', [join(project, 'appliance/linux/native/build.sh')])
  const wideRegisters = await compile(join(here, 'wide-registers.c'), ['-shared', '-fPIC'])
  const parameter = (name: string, value: string) => `${name}="${value}"`
  const root = ['root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'ro']
  // The console goes to standard output, and input comes from nowhere.
  const consoles = ['con=null', 'con0=null,fd:1', 'ssl=null']
  const files = [
    parameter('project', project),
    parameter('node', process.execPath),
    parameter('file', file),
    `exchange=${exchange}`,
  ]
  return await host.start(
    'linux.uml',
    [
      ...[`mem=${memoryMiB}M`, ...root, ...consoles, ...files],
      ...['uml_dir=/run/uml', 'init=/bin/sh', '--', join(here, 'init.sh')],
    ],
    { env: { LD_PRELOAD: wideRegisters } },
  )
}

const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-60).join('\n')

/** Whether it ended in time. */
const endsWithin = async (kernel: Program, within: Duration): Promise<boolean> => {
  const limit = new AbortController()
  const expired = wait(within, false, { signal: limit.signal }).catch(() => false)
  const inTime = await Promise.race([kernel.ended.then(() => true), expired])
  limit.abort()
  // Not killed: its processes would go on as processes of the machine until the lab is closed.
  if (!inTime) kernel.signal('SIGSTOP')
  return inTime
}

const whatHappened = async (
  read: (name: string) => Promise<string | null>,
  inTime: boolean,
): Promise<string> => {
  if (!inTime) return 'the kernel was not done in time'
  if ((await read('restarted')) !== null) return 'the kernel restarted'
  const code = await read('exit')
  return code === null ? 'the kernel died' : `the test process ended with ${code.trim()}`
}

/**
 * Runs a test file under Node inside a user-mode kernel. That runs in a host of a lab: however this
 * process ends, the lab takes the kernel with it, and its memory, sockets and results.
 */
export const runInside = async (
  file: string,
  { within = seconds(300), memoryMiB = 512 }: KernelOptions = {},
): Promise<Outcome> => {
  // The labs' programs, if a test inside uses them, cannot be compiled on a read-only root.
  await Promise.all([enterProgram(), wireProgram()])
  const lab = await openLab()
  try {
    const host = await lab.host('uml')
    // Nothing inside may write to the machine's files, whatever goes wrong.
    await host.must('mount', ['-o', 'remount,bind,ro', '/'])
    await mkdir(host.path(exchange))
    const kernel = await boot(host, file, memoryMiB)
    const inTime = await endsWithin(kernel, within)

    const read = (name: string) => host.read(`${exchange}/${name}`).catch(() => null)
    const events = readEvents((await read('events')) ?? '')
    const booted = await read('booted')
    const complete = events.some(event => event.kind === 'complete')
    const running = unfinished(events).at(-1)
    const during = running ? ` during "${running}"` : booted ? '' : ' before it had booted'
    const what = await whatHappened(read, inTime)
    return {
      tests: asTree(events.filter(event => event.kind === 'ended')),
      output: events.map(event => (event.kind === 'said' ? event.text : '')).join(''),
      bootSeconds: booted ? Number(booted) : null,
      failure: complete ? null : `${what}${during}. Its last lines:\n${lastLines(kernel.output)}`,
    }
  } finally {
    await lab.close()
  }
}
