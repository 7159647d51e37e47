import type { Finding } from '../health/check.ts'
import { failed, passed, quoted } from './asking.ts'
import { Pattern } from './pattern.ts'

/** What the first value of a query's first row says. Null: NULL, which matches like no text. */
export function expectValue(value: string | null, expect: string | null): Finding {
  const shown = value === null ? 'NULL' : quoted(value)
  if (expect === null) return passed(`the query gives ${shown}`)
  const pattern = new Pattern(expect)
  return pattern.isIn(value ?? '')
    ? passed(`the query gives ${shown}`)
    : failed('wrong-answer', `the query gives ${shown}, expected ${pattern.words}`)
}
