import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { generated } from './generated.ts'

/** Writes what is made from the configuration's schema and from the table of operations. */
for (const { path, text } of generated()) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  console.log(path)
}
