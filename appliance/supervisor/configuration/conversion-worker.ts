/** The thread that imports and exports: what it was given in, JSON out. */

import { parentPort, workerData } from 'node:worker_threads'
import type { Conversion } from './conversion.ts'
import { foreignExport } from './foreign-export.ts'
import { imported } from './import.ts'

const work = workerData as Conversion

parentPort?.postMessage(
  JSON.stringify(work.kind === 'import' ? imported(work.request) : foreignExport(work)),
)
