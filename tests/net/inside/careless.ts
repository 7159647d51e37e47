import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { now } from '../../../appliance/linux/monotonic-clock.ts'
import { PreciseTimer } from '../../../appliance/linux/precise-timer.ts'
import { asked, tell } from './tell.ts'

/** A program that throws in a callback, or ends with everything open. */
const { how } = asked<{ readonly how: 'throws' | 'exits' | 'ends-thread' }>()

let expired = 0
const timer = PreciseTimer.open(() => {
  expired++
  if (how === 'throws' && expired === 1) throw new Error('of the callback')
  if (how === 'exits') process.exit(7)
  if (!isMainThread) parentPort?.postMessage('open')
  else if (how === 'throws') end()
})

const end = (): void => {
  tell({ expired })
  timer.close()
}

if (how === 'ends-thread' && isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) })
  worker.once('message', async () => {
    await worker.terminate()
    end()
  })
} else {
  process.on('uncaughtException', error => {
    tell({ thrown: error.message })
    timer.arm(now())
  })
  timer.arm(now())
}
