import { once } from 'node:events'
import { createConnection } from 'node:net'
import { stdin, stdout } from 'node:process'

const leave = 0x1d // Ctrl-]
const repaint = '\f' // Ctrl-L

/** Connects this terminal to the serial line of a box until Ctrl-] is pressed or the box ends. */
export const attachConsole = async (socketPath: string): Promise<void> => {
  const line = createConnection(socketPath)
  await once(line, 'connect')
  stdout.write('The serial line of the box. Ctrl-] leaves it.\r\n')
  if (stdin.isTTY) stdin.setRawMode(true)
  stdin.on('data', (bytes: Buffer) => {
    const end = bytes.indexOf(leave)
    line.write(end < 0 ? bytes : bytes.subarray(0, end))
    if (end >= 0) line.end()
  })
  line.pipe(stdout, { end: false })
  line.write(repaint)
  await once(line, 'close')
  if (stdin.isTTY) stdin.setRawMode(false)
  stdin.pause()
  stdout.write('\x1b[0m\x1b[?25h\x1b[24;1H\r\n')
}
