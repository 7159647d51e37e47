import { importWorkerFile } from '../../linux/lib-dir.ts'
import { seconds } from '../../values/duration.ts'
import { Apart } from '../apart.ts'
import type { Answer } from '../control/operation.ts'
import { problem } from '../control/problem.ts'
import type { ImportRequest } from './import.ts'

/** No more memory than keep-supervisor gives. */
const apart = new Apart(importWorkerFile, { memory: 64, time: seconds(30) })

/** Whatever the file is, the supervisor goes on meanwhile. */
export async function importedApart(request: ImportRequest): Promise<Answer> {
  const outcome = await apart.do(request)
  if (outcome.kind === 'done') return { kind: 'text', text: outcome.text }
  const title = 'The box could not read this file'
  const detail = `${outcome.why}. \`diarch import\` reads it on any machine.`
  return problem(422, 'too-much-work', title, detail)
}
