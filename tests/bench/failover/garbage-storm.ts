/**
 * `node garbage-storm.ts PID SECONDS`: makes a running Node process allocate and drop as fast as it
 * can, between its own work, and says how often its garbage was collected meanwhile and for how
 * long. It works from inside of the process, over the inspector that SIGUSR1 opens on 127.0.0.1.
 */

import { setTimeout as sleep } from 'node:timers/promises'

const [pid, length] = process.argv.slice(2).map(Number)
if (!(pid! > 0) || !(length! > 0)) throw new Error('usage: garbage-storm.ts PID SECONDS')

// Some of it stays for a while, so that the old generation is collected too.
const storm = `(() => {
  const { PerformanceObserver } = process.getBuiltinModule('node:perf_hooks')
  const seen = { collections: 0, milliseconds: 0 }
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) {
      seen.collections += 1
      seen.milliseconds += duration
    }
  }).observe({ entryTypes: ['gc'] })
  const kept = []
  const end = performance.now() + ${length! * 1000}
  const turn = () => {
    kept.push(Array.from({ length: 20000 }, (_, n) => ({ n, text: 'garbage ' + n })))
    if (kept.length > 8) kept.splice(0, 7)
    if (performance.now() < end) setImmediate(turn)
  }
  turn()
  globalThis.garbageStorm = seen
})()`

const inspector = await open()
await evaluate(storm)
console.log('storming')
await sleep(length! * 1000)
const { collections, milliseconds } = JSON.parse(
  String(await evaluate('JSON.stringify(globalThis.garbageStorm)')),
)
console.log(`collected ${collections} times, ${Math.round(milliseconds)} ms`)
inspector.close()

async function open(): Promise<WebSocket> {
  process.kill(pid!, 'SIGUSR1')
  for (let attempt = 0; ; attempt += 1) {
    try {
      const list = await (await fetch('http://127.0.0.1:9229/json/list')).json()
      const [target] = list as { readonly webSocketDebuggerUrl: string }[]
      const socket = new WebSocket(target!.webSocketDebuggerUrl)
      await new Promise((resolve, reject) => {
        socket.onopen = resolve
        socket.onerror = () => reject(new Error('the inspector does not let us in'))
      })
      return socket
    } catch (error) {
      if (attempt === 100) throw error
      await sleep(100)
    }
  }
}

/** Of one expression at a time. */
function evaluate(expression: string): Promise<unknown> {
  const params = { expression, returnByValue: true }
  return new Promise((resolve, reject) => {
    inspector.onmessage = ({ data }) => {
      const { result } = JSON.parse(String(data))
      const thrown = result?.exceptionDetails
      if (thrown) reject(new Error(thrown.exception?.description ?? thrown.text))
      else resolve(result?.result?.value)
    }
    inspector.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }))
  })
}
