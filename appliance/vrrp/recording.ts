/**
 * What a vrrpd was told and what it did, one step a line (JSON lines): `vrrpd --record FILE` writes
 * it, `npm run sim -- --replay FILE` feeds it to a fresh ensemble and compares.
 *
 *   {"recording":"vrrp","format":1}
 *   {"input":{"input":"Configured","now":12.5,"routers":[{"name":"lan",...}]},"effects":[...]}
 *   {"input":{"input":"TimerDue","now":3612.9},"effects":[{"effect":"SendAdvert","priority":150,...
 *
 * Maps are lists of pairs. A router that is configured as before is the place that it had in the
 * last configuration: the ensemble takes a new object for a change. Passwords and secrets are left
 * out; nothing in a step depends on them.
 */

import type { Authentication } from './advert.ts'
import type { EnsembleEffect, EnsembleInput } from './ensemble.ts'
import type { RouterConfig } from './router-config.ts'

export type RecordedStep = {
  readonly input: EnsembleInput
  readonly effects: readonly EnsembleEffect[]
}

export type Recording =
  | { readonly kind: 'recording'; readonly steps: readonly RecordedStep[] }
  | { readonly kind: 'broken'; readonly line: number; readonly why: string }

const header = { recording: 'vrrp', format: 1 } as const

/** Of one process, from its first input on. Each line ends with a line feed. */
export class RecordingWriter {
  #configured: readonly RouterConfig[]

  /** `configured`: what was so before the first step, if that is not the first of the process. */
  constructor(configured: readonly RouterConfig[] = []) {
    this.#configured = configured
  }

  begin(): string {
    return `${JSON.stringify(header)}\n`
  }

  line(input: EnsembleInput, effects: readonly EnsembleEffect[]): string {
    return `${JSON.stringify({ input: this.#written(input), effects })}\n`
  }

  #written(input: EnsembleInput): object {
    switch (input.input) {
      case 'Configured': {
        const before = this.#configured
        this.#configured = input.routers
        const routers = input.routers.map(config => {
          const place = before.indexOf(config)
          return place === -1 ? withoutSecrets(config) : place
        })
        return { ...input, routers }
      }
      case 'InterfacesSeen':
        return { ...input, interfaces: [...input.interfaces] }
      case 'TrackersReported':
        return { ...input, verdicts: [...input.verdicts] }
      case 'Impeded':
        return { ...input, impediments: [...input.impediments] }
      case 'MaintenanceSet':
      case 'AdvertReceived':
      case 'PeerSaid':
      case 'PeerDoubted':
      case 'Paused':
      case 'Guarded':
      case 'TakeoverHeld':
      case 'TimerDue':
      case 'FailoverRequested':
      case 'StopRequested':
        return input
    }
  }
}

/** The end of a line that a box could not finish any more is left out. */
export function readRecording(text: string, before: readonly RouterConfig[] = []): Recording {
  const lines = text.split('\n').slice(0, -1)
  const steps: RecordedStep[] = []
  let configured = before
  for (const [index, line] of lines.entries()) {
    const value = parsed(line)
    if (index === 0) {
      if (value !== null && isHeader(value)) continue
      return broken(1, `it does not begin with ${JSON.stringify(header)}`)
    }
    const step = value === null ? null : stepOf(value, configured)
    if (step === null) return broken(index + 1, 'it is no step of this format')
    if (step.input.input === 'Configured') configured = step.input.routers
    steps.push(step)
  }
  if (lines.length === 0) return broken(1, 'it is empty')
  return { kind: 'recording', steps }
}

const broken = (line: number, why: string): Recording => ({ kind: 'broken', line, why })

type Parsed = { readonly [name: string]: unknown }

function parsed(line: string): Parsed | null {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is Parsed =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isHeader = (value: Parsed): boolean =>
  value.recording === header.recording && value.format === header.format

function stepOf(
  { input, effects }: Parsed,
  configured: readonly RouterConfig[],
): RecordedStep | null {
  if (!isObject(input) || typeof input.now !== 'number' || !Array.isArray(effects)) return null
  const read = inputOf(input, configured)
  return read === null ? null : { input: read, effects }
}

/** Checked as far as reading needs it: the file is our own. */
function inputOf(written: Parsed, configured: readonly RouterConfig[]): EnsembleInput | null {
  const { routers, interfaces, verdicts, impediments } = written
  switch (written.input) {
    case 'Configured': {
      if (!Array.isArray(routers)) return null
      const read = routers.map(router => routerOf(router, configured))
      return read.includes(null)
        ? null
        : ({ ...written, routers: read } as unknown as EnsembleInput)
    }
    case 'InterfacesSeen':
      if (!isPairs(interfaces)) return null
      return { ...written, interfaces: new Map(interfaces) } as unknown as EnsembleInput
    case 'TrackersReported':
      if (!isPairs(verdicts)) return null
      return { ...written, verdicts: new Map(verdicts) } as unknown as EnsembleInput
    case 'Impeded':
      if (!isPairs(impediments)) return null
      return { ...written, impediments: new Map(impediments) } as unknown as EnsembleInput
    case 'MaintenanceSet':
    case 'AdvertReceived':
    case 'PeerSaid':
    case 'PeerDoubted':
    case 'Paused':
    case 'Guarded':
    case 'TakeoverHeld':
    case 'TimerDue':
    case 'FailoverRequested':
    case 'StopRequested':
      return written as unknown as EnsembleInput
    default:
      return null
  }
}

const isPairs = (value: unknown): value is [string, unknown][] =>
  Array.isArray(value) && value.every(pair => Array.isArray(pair) && typeof pair[0] === 'string')

function routerOf(written: unknown, configured: readonly RouterConfig[]): RouterConfig | null {
  return typeof written === 'number' ? (configured[written] ?? null) : configFrom(written)
}

export function configFrom(written: unknown): RouterConfig | null {
  if (!isObject(written) || !isObject(written.authentication)) return null
  const config = written as unknown as RouterConfig
  return { ...config, authentication: withKeys(config.authentication) }
}

export const withoutSecrets = (config: RouterConfig): object => ({
  ...config,
  authentication: withholding(config.authentication),
})

function withholding(authentication: Authentication): object {
  switch (authentication.kind) {
    case 'none':
      return authentication
    case 'password':
      return { ...authentication, password: '' }
    case 'hmac':
      return { ...authentication, keys: authentication.keys.map(({ id }) => ({ id })) }
  }
}

function withKeys(authentication: Authentication): Authentication {
  if (authentication.kind !== 'hmac') return authentication
  const keys = authentication.keys.map(({ id }) => ({ id, secret: new Uint8Array() }))
  return { ...authentication, keys }
}
