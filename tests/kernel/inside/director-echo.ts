import { createServer } from 'node:net'
import { hostname } from 'node:os'
import { createInterface } from 'node:readline'
import { asked } from '../../net/inside/tell.ts'

/** Echoes lines; after the line `stream` it counts up, ten times a second, until it is left. */

const { port } = asked<{ readonly port: number }>()
createServer(socket => {
  let timer: NodeJS.Timeout | null = null
  socket.on('error', () => undefined)
  socket.on('close', () => timer !== null && clearInterval(timer))
  createInterface({ input: socket }).on('line', line => {
    if (line !== 'stream') {
      socket.write(`${hostname()} ${line}\n`)
      return
    }
    let count = 0
    timer = setInterval(() => socket.write(`${count++}\n`), 100)
  })
}).listen(port, '::', () => console.log('listening'))
