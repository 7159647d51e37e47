/** Runs on the client: asks all the time, and at SIGUSR2 says how often, and how many failed. */
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { asked, tell } from '../../net/inside/tell.ts'

const { address, port } = asked<{ readonly address: string; readonly port: number }>()
const atOnce = 4
const pauseMs = 10
const tooLongMs = 3000

let [requests, failed] = [0, 0]

/** A new connection each time, which is what the kernel's table decides about. */
const answers = (): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, address, () => socket.write('hello\n'))
    const end = (isAnswered: boolean): void => {
      socket.destroy()
      resolve(isAnswered)
    }
    socket.setTimeout(tooLongMs, () => end(false))
    socket.on('error', () => end(false))
    socket.on('close', () => resolve(false))
    socket.on('data', () => end(true))
  })

async function askForEver(): Promise<never> {
  for (;;) {
    if (!(await answers())) failed += 1
    requests += 1
    await wait(pauseMs)
  }
}

process.on('SIGUSR2', () => tell({ requests, failed }))
for (let n = 0; n < atOnce; n++) void askForEver()
tell('asking')
