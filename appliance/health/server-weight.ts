import type { ProbeVerdict } from './probe-verdict.ts'
import type { Override, ServerCheck, ServerConfig } from './service-config.ts'

/** A check of a server, and what its probe has found. */
export type CheckVerdict = { readonly check: ServerCheck; readonly verdict: ProbeVerdict }

export type ServerVerdict = {
  readonly up: boolean
  /** Each check has been answered. */
  readonly judged: boolean
  readonly why: string
}

export type Weight = {
  readonly value: number
  /** As in `100 - 30 (check web is down) = 70`. */
  readonly explanation: string
}

/** What the kernel takes. */
export const heaviest = 65_535

/** Up is what no check takes out. */
export function serverVerdict(checks: readonly CheckVerdict[]): ServerVerdict {
  const judged = checks.every(({ verdict }) => verdict.judged)
  const against = checks.filter(each => each.check.weight === null && !isGood(each))
  if (against.length > 0) return { up: false, judged, why: against.map(reasonOf).join('; ') }
  if (checks.length === 0) return { up: true, judged, why: 'it has no checks' }
  const [first, ...others] = checks.filter(({ check }) => check.weight === null)
  if (first === undefined) return { up: true, judged, why: 'its checks change its weight only' }
  if (others.length === 0) return { up: true, judged, why: reasonOf(first) }
  return { up: true, judged, why: `${others.length + 1} checks pass` }
}

/** Before the first finding the state says what the check's effect is taken as. */
const isGood = ({ check, verdict }: CheckVerdict): boolean =>
  (verdict.state === 'up') !== (check.reverse && verdict.judged)

function reasonOf({ check, verdict }: CheckVerdict): string {
  const reversed = check.reverse && verdict.judged ? ` is ${verdict.state} (reverse)` : ''
  return `${check.check.name}${reversed}: ${verdict.why}`
}

/** The weight of a server that is up. The operator's word is the last. */
export function fullWeight(
  { settings }: Pick<ServerConfig, 'settings'>,
  checks: readonly CheckVerdict[],
  override: Pick<Override, 'weight' | 'by'> | null,
): Weight {
  if (override !== null && override.weight !== null) {
    const value = clamped(override.weight)
    return { value, explanation: `${value} by ${override.by} (configured: ${settings.weight})` }
  }
  const { base, start } = startOf(settings.weight, checks)
  const parts = [start]
  let sum = base
  for (const { name, percent } of percentsOf(checks)) {
    sum = (sum * percent) / 100
    parts.push(`× ${percent} % (check ${name})`)
  }
  for (const { check, verdict } of checks) {
    const { weight } = check
    if (weight === null || weight === 0 || !verdict.judged || isGood({ check, verdict })) continue
    sum += weight
    const sign = weight < 0 ? '-' : '+'
    parts.push(`${sign} ${Math.abs(weight)} (check ${check.check.name} is ${verdict.state})`)
  }
  return explained(parts, exact(sum))
}

/** The lightest of what the checks have set. */
function startOf(
  configured: number,
  checks: readonly CheckVerdict[],
): { readonly base: number; readonly start: string } {
  let found: { readonly base: number; readonly start: string } | null = null
  for (const { check, verdict } of checks) {
    if (verdict.state !== 'up' || verdict.weight?.kind !== 'set') continue
    const { value } = verdict.weight
    if (found !== null && found.base <= value) continue
    found = { base: value, start: `${value} (set by check ${check.check.name})` }
  }
  return found ?? { base: configured, start: String(configured) }
}

const percentsOf = (checks: readonly CheckVerdict[]) =>
  checks.flatMap(({ check, verdict }) =>
    verdict.state === 'up' && verdict.weight?.kind === 'percent'
      ? [{ name: check.check.name, percent: verdict.weight.value }]
      : [],
  )

/** Rounded up: a small share of a small weight is not nothing. */
function explained(parts: readonly string[], sum: number): Weight {
  const whole = Math.ceil(sum)
  const value = clamped(whole)
  const rounded = whole === sum ? '' : `, rounded up to ${whole}`
  const held = value === whole ? '' : `, held to ${value}`
  const result = parts.length === 1 ? '' : ` = ${sum}`
  return { value, explanation: `${parts.join(' ')}${result}${rounded}${held}` }
}

/** 10 × 33 % is 3.3, and not 3.3000000000000003. */
const exact = (sum: number): number => Math.round(sum * 1e6) / 1e6

const clamped = (weight: number): number => Math.min(heaviest, Math.max(0, Math.ceil(weight)))
