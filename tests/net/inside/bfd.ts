import type { BfdQuestion, Target } from '../../../appliance/health/question.ts'
import { bfdSessions } from '../../../appliance/probes/bfd.ts'
import { asked, tell } from './tell.ts'

/** Keeps a session; tells each change, and what questions find that is new. SIGTERM ends it. */

const { question, target, within } = asked<{
  readonly question: BfdQuestion
  readonly target: Target
  readonly within: number
}>()

bfdSessions.onChange = (_, finding) => tell({ change: finding, at: Date.now() })
const ask = () => bfdSessions.ask(question, target, AbortSignal.timeout(within))
tell({ first: await ask() })
let before = ''
const timer = setInterval(async () => {
  const finding = await ask()
  if (finding.why !== before) tell({ later: finding })
  before = finding.why
}, 50)
process.on('SIGTERM', () => {
  clearInterval(timer)
  bfdSessions.close()
})
