import { trustTrouble } from '../alerting/trust-trouble.ts'

/** `whom`: who did not take it. `inClear`: what to configure for one that speaks no TLS. */
export function connectionWords(error: unknown, whom: string, inClear: string): string {
  if (!(error instanceof Error)) return `${whom}: ${error}`
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const trouble = trustTrouble({ code, words: error.message }, whom, inClear)
  return trouble ?? `${whom}: ${error.message || code}`
}
