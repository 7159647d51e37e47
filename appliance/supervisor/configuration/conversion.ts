import { conversionWorkerFile } from '../../linux/lib-dir.ts'
import { seconds } from '../../values/duration.ts'
import { Apart } from '../apart.ts'
import type { Answer } from '../control/operation.ts'
import { problem } from '../control/problem.ts'
import type { ForeignExport } from './foreign-export.ts'
import type { ImportRequest } from './import.ts'

/** Between our document and the files of others. */
export type Conversion =
  | { readonly kind: 'import'; readonly request: ImportRequest }
  | ({ readonly kind: 'export' } & ForeignExport)

/** No more memory than keep-supervisor gives. */
const usual = new Apart(conversionWorkerFile, { memory: 64, time: seconds(30), waiting: 1 })

const words = {
  import: {
    busy: 'The box reads other files',
    tooMuch: 'The box could not read this file',
    elsewhere: '`diarch import` reads it on any machine.',
  },
  export: {
    busy: 'The box reads and writes other files',
    tooMuch: 'The box could not write this file',
    elsewhere:
      '`diarch config export --secrets --output FILE` fetches our document, and `diarch export ' +
      'FILE` writes it on any machine.',
  },
} as const

/** Whatever the file is, the supervisor goes on meanwhile. */
export async function converted(work: Conversion, apart = usual): Promise<Answer> {
  const outcome = await apart.do(work)
  if (outcome.kind === 'done') return { kind: 'text', text: outcome.text }
  const { busy, tooMuch, elsewhere } = words[work.kind]
  if (outcome.kind === 'busy') {
    const detail = 'Another file waits to be converted already: try again in a few seconds.'
    return problem(429, 'too-much-work', busy, detail)
  }
  return problem(422, 'too-much-work', tooMuch, `${outcome.why}. ${elsewhere}`)
}
