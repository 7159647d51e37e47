import { importWorkerFile } from '../../linux/lib-dir.ts'
import { seconds } from '../../values/duration.ts'
import { Apart } from '../apart.ts'
import type { Answer } from '../control/operation.ts'
import { problem } from '../control/problem.ts'
import type { ImportRequest } from './import.ts'

/** No more memory than keep-supervisor gives. */
const usual = new Apart(importWorkerFile, { memory: 64, time: seconds(30), waiting: 1 })

/** Whatever the file is, the supervisor goes on meanwhile. */
export async function importedApart(request: ImportRequest, apart = usual): Promise<Answer> {
  const outcome = await apart.do(request)
  if (outcome.kind === 'done') return { kind: 'text', text: outcome.text }
  if (outcome.kind === 'busy') {
    const detail = 'Another file waits to be read already: try again in a few seconds.'
    return problem(429, 'too-much-work', 'The box reads other files', detail)
  }
  const title = 'The box could not read this file'
  const detail = `${outcome.why}. \`diarch import\` reads it on any machine.`
  return problem(422, 'too-much-work', title, detail)
}
