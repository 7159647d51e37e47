import { parentPort, workerData } from 'node:worker_threads'
import { type Batch, runBatch } from './batch.ts'
import { withSpoiled } from './spoiled.ts'

const port = parentPort
if (port === null) throw new Error('tests/sim/worker.ts is started by tests/sim/main.ts')
const options = withSpoiled(workerData as string | undefined)
port.on('message', (batch: Batch) => port.postMessage(runBatch(batch, options)))
