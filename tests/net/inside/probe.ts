import type { Question, Target } from '../../../appliance/health/question.ts'
import { ask } from '../../../appliance/probes/ask.ts'
import { asked, tell } from './tell.ts'

/** Asks one question after the other, and tells what each has found. */

type Asked = {
  readonly question: Question
  readonly target: Target
  readonly within: number
}

for (const { question, target, within } of asked<{ readonly asks: readonly Asked[] }>().asks) {
  const start = performance.now()
  const finding = await ask(question, target, AbortSignal.timeout(within))
  tell({ ...finding, took: performance.now() - start })
}
