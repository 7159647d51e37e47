/** The thread that imports: what it was given in, JSON out. */

import { parentPort, workerData } from 'node:worker_threads'
import { imported } from './import.ts'

parentPort?.postMessage(JSON.stringify(imported(workerData)))
