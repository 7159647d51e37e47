/**
 * `node requests.ts ADDRESS INTERVAL GAP`: asks for a page every INTERVAL ms, each time over a new
 * connection, and says when there was no answer for GAP ms or more: `gap START LENGTH`, with START
 * in ms since 1970 and LENGTH in microseconds, as prober.c does.
 */

import { createConnection } from 'node:net'

const [address = '', interval = '20', least = '100'] = process.argv.slice(2)
const wall = performance.timeOrigin
let answered: number | null = null

const take = (now: number): void => {
  if (answered === null) console.log('up')
  else if (now - answered >= Number(least)) {
    console.log(`gap ${wall + answered} ${Math.round((now - answered) * 1000)}`)
  }
  answered = Math.max(now, answered ?? now)
}

const ask = (): void => {
  const socket = createConnection({ host: address, port: 80 })
  let said = ''
  // A retransmission would come after a second: whoever waits for it hides the gap.
  socket.setTimeout(500, () => socket.destroy())
  socket.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  socket.on('error', () => {})
  socket.on('end', () => {
    if (said.startsWith('HTTP/1.1 200')) take(performance.now())
  })
  socket.write(`GET / HTTP/1.0\r\nHost: ${address}\r\n\r\n`)
}

setInterval(ask, Number(interval))
