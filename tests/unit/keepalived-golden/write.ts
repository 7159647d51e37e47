import { writeFileSync } from 'node:fs'
import { goldenOf, goldens, goldenText } from './golden.ts'

/** Writes what the files become: look at the difference before it is kept. */
for (const name of goldens) {
  writeFileSync(goldenOf(name), goldenText(name))
  console.log(goldenOf(name))
}
