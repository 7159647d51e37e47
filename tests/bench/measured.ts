import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Measured } from './figures.ts'

/** What the benchmarks wrote with `--json FOLDER/NAME.json`. */
export const measuredIn = (folder: string): Measured =>
  new Map(
    readdirSync(folder).map(file => [
      basename(file, '.json'),
      JSON.parse(readFileSync(join(folder, file), 'utf8')).cases,
    ]),
  )
