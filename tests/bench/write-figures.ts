/** `npm run figures`: puts what docs/measured holds into the table of docs/reliability.md. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { commandLine } from '../lab/command-line.ts'
import { withFigures } from './figures.ts'
import { measuredIn } from './measured.ts'

commandLine({
  name: 'figures',
  about: 'Puts what docs/measured holds into the table of docs/reliability.md.',
  options: {},
})
const docs = resolve(import.meta.dirname, '../../docs')
const page = join(docs, 'reliability.md')
writeFileSync(page, withFigures(readFileSync(page, 'utf8'), measuredIn(join(docs, 'measured'))))
console.log('docs/reliability.md')
