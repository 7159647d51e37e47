import type { ExplainedCheck, Explanation } from '../status/service-answers.ts'
import { table } from './table.ts'

/** Why a server is what it is, from the sum down to single answers. */
export function showExplanation(explanation: Explanation): string {
  const { server, at, state, since, why, override, checks } = explanation
  const lines = [
    `${server} (${at}) is ${state.toUpperCase()} since ${since}: ${why}`,
    weightText(explanation),
  ]
  if (override !== null) {
    const words = [override.state, override.weight === null ? null : `weight ${override.weight}`]
    lines.push(`  ${words.filter(Boolean).join(', ')}, by ${override.by} since ${override.since}`)
  }
  if (checks.length === 0) lines.push('  no checks: it is always up')
  return [...lines, ...checks.map(showCheck)].join('\n')
}

function weightText({ weight, explanation, missing }: Explanation): string {
  if (missing !== null) return `  nothing is forwarded to it by this box. ${missing}`
  const inTable = weight === null ? 'not in the table' : `in the table with weight ${weight}`
  return `  weight: ${explanation}; ${inTable}`
}

function showCheck({ name, kind, says, usedBy, latencyMs, history }: ExplainedCheck): string {
  const shared = usedBy.length > 1 ? `, asked once for ${usedBy.length} services` : ''
  const times =
    latencyMs === null
      ? ''
      : `; answers in ${ms(latencyMs.median)} ms, at most ${ms(latencyMs.longest)}`
  const rows = history.map(({ at, tookMs, passed, reason, why }) => [
    `    ${at.slice(11, 23)}`,
    passed ? 'passed' : (reason ?? 'failed'),
    tookMs === null ? '' : `${ms(tookMs)} ms`,
    why,
  ])
  const head = `  check ${name} (${kind}${shared}): ${says}${times}`
  return rows.length === 0
    ? head
    : `${head}\n${table(['    AT (UTC)', 'RESULT', 'TOOK', 'WHAT'], rows)}`
}

const ms = (length: number): string => length.toFixed(1)
