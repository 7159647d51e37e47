import type {
  ProcessInput,
  ProcessMachine,
  ProcessRecord,
} from '../../appliance/supervision/process-machine.ts'
import type { ProcessSpec } from '../../appliance/supervision/spec.ts'
import { instant } from '../../appliance/values/duration.ts'
import { exampleSpec } from './example-spec.ts'

/** States, inputs and effects by short names, so that the table reads as one. */

export const speaking = exampleSpec
export const foreign: ProcessSpec = { ...speaking, ready: { by: 'spawned' }, silentLimit: null }
export const once: ProcessSpec = { ...speaking, restart: { ...speaking.restart, when: 'never' } }

export const s = (n: number) => instant(n * 1000)
export const clean: ProcessRecord = {
  restarts: 0,
  failures: 0,
  failingSince: null,
  lastFailure: null,
}
export const failedTwice: ProcessRecord = {
  restarts: 2,
  failures: 2,
  failingSince: s(50),
  lastFailure: 'exited with code 1',
}

export type Kind = ProcessMachine['kind']
export type Of<K extends Kind> = Extract<ProcessMachine, { kind: K }>
type StateMaker = <K extends Kind>(
  kind: K,
  own: Omit<Of<K>, 'kind' | 'since' | 'why' | 'record'>,
  record?: ProcessRecord,
) => ProcessMachine
const at100: StateMaker = (kind, own, record = clean) =>
  ({ kind, since: s(100), why: 'before', record, ...own }) as unknown as ProcessMachine

export const waiting = at100('waiting', {})
export const spawning = at100('starting', { pid: null, readyBy: s(110) })
export const starting = at100('starting', { pid: 7, readyBy: s(110) })
export const running = at100('running', { pid: 7, hearBy: s(105), stuck: null, forgetAt: null })
export const runningAfterFailures = at100(
  'running',
  { pid: 7, hearBy: s(300), stuck: null, forgetAt: s(160) },
  failedTwice,
)
const press = { pid: 7, terminateAt: s(102), killAt: s(104) }
export const asked = at100('stopping', { ...press, pressure: 'asked', afterwards: 'rest' })
export const terminated = at100('stopping', {
  ...press,
  pressure: 'terminated',
  afterwards: 'rest',
})
export const killed = at100('stopping', { ...press, pressure: 'killed', afterwards: 'rest' })
export const unborn = at100('stopping', {
  ...press,
  pid: null,
  pressure: 'asked',
  afterwards: 'rest',
})
export const restarting = at100(
  'stopping',
  { ...press, pressure: 'asked', afterwards: 'start' },
  failedTwice,
)
export const failing = at100('stopping', { ...press, pressure: 'killed', afterwards: 'fail' })
export const backingOff = at100('backing-off', { until: s(105) }, failedTwice)
export const stopped = at100('stopped', {})

type Bare<I> = I extends unknown ? Omit<I, 'now'> : never
export type Row = {
  name: string
  from: ProcessMachine
  on: Bare<ProcessInput>
  at?: number
  spec?: ProcessSpec
  /** Absent: the state stays as it is. */
  to?: { kind: Kind } & Record<string, unknown>
  effects?: readonly object[]
}

export const Start = { input: 'StartRequested' } as const
export const Stop = { input: 'StopRequested' } as const
export const Restart = { input: 'RestartRequested' } as const
export const Due = { input: 'TimerDue' } as const
export const Lost = { input: 'TimeLost' } as const
export const Ready = { input: 'Ready' } as const
export const Alive = { input: 'Alive', stuck: null } as const
export const Stuck = { input: 'Alive', stuck: 'no advert went out' } as const
export const Spawned = { input: 'Spawned', pid: 7 } as const
export const SpawnFailed = { input: 'SpawnFailed', why: 'ENOMEM' } as const
export const Exited = { input: 'Exited', code: 1, signal: null } as const
export const spawn = [{ effect: 'Spawn' }]
export const kill = [{ effect: 'Kill', pid: 7 }]
export const terminate = [{ effect: 'Terminate', pid: 7 }]
export const ask = [{ effect: 'AskToStop' }]
