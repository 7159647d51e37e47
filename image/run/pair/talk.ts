/** How the commands of another terminal reach the demo that runs: JSON lines over a socket. */

import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { Screen } from './demo-box.ts'

export type Reply =
  | { readonly say: string }
  | { readonly refused: string }
  | { readonly attach: Screen }

/** `words`: what was typed. Whoever asks is told until `end`, or until he leaves. */
export type Caller = {
  readonly words: readonly string[]
  tell(reply: Reply): void
  end(): void
  readonly left: Promise<void>
}

export const listen = async (
  path: string,
  answer: (caller: Caller) => Promise<void>,
): Promise<Server> => {
  if (Buffer.byteLength(path) > 107) {
    throw new Error(`${path} is too long for a socket: run the demo from a shorter folder`)
  }
  rmSync(path, { force: true })
  const server = createServer(socket => void serve(socket, answer))
  server.listen(path)
  await once(server, 'listening')
  return server
}

async function serve(socket: Socket, answer: (caller: Caller) => Promise<void>): Promise<void> {
  socket.on('error', () => {})
  const left = once(socket, 'close').then(() => {})
  const tell = (reply: Reply) =>
    void (socket.writable && socket.write(`${JSON.stringify(reply)}\n`))
  for await (const line of createInterface({ input: socket })) {
    const words = JSON.parse(line) as readonly string[]
    try {
      await answer({ words, tell, end: () => void socket.end(), left })
    } catch (error) {
      tell({ refused: error instanceof Error ? error.message : String(error) })
      socket.end()
    }
  }
}

/** Null: no demo runs. */
export const call = async (path: string): Promise<Socket | null> => {
  const socket = createConnection(path)
  try {
    await once(socket, 'connect')
    return socket
  } catch {
    return null
  }
}

/** Says the words, and hands on what comes back until the demo has no more to say. */
export const say = async (
  socket: Socket,
  words: readonly string[],
  take: (reply: Reply) => Promise<void>,
): Promise<void> => {
  socket.on('error', () => {})
  socket.write(`${JSON.stringify(words)}\n`)
  for await (const line of createInterface({ input: socket })) await take(JSON.parse(line) as Reply)
}
