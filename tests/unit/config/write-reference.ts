import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { commandLine } from '../../lab/command-line.ts'
import { generated } from './generated.ts'

commandLine({
  name: 'reference',
  about: "Writes docs/reference from the configuration's schema and the table of operations.",
  options: {},
})

/** Writes what is made from the configuration's schema and from the table of operations. */
for (const { path, text } of generated()) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  console.log(path)
}
