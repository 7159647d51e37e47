import { parentPort } from 'node:worker_threads'
import { type Batch, runBatch } from './batch.ts'

const port = parentPort
if (port === null) throw new Error('tests/sim/worker.ts is started by tests/sim/main.ts')
port.on('message', (batch: Batch) => port.postMessage(runBatch(batch)))
