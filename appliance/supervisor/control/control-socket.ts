import { chmodSync, chownSync, lstatSync, mkdirSync, unlinkSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { groupIdOf } from '../../linux/accounts.ts'

/**
 * HTTP on a Unix socket, for its owner and the members of the group, if there is one. Rejects when
 * another supervisor has it.
 */
export async function openControlSocket(
  path: string,
  listener: RequestListener,
  group: string | null,
): Promise<Server> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
  await removeStale(path)
  // An upgrade takes its time; it ends by itself when nothing comes any more.
  const requestTimeout = 30 * 60_000
  const server = createServer({ maxHeaderSize: 8 * 1024, requestTimeout }, listener)
  server.maxConnections = 64
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(new Error(`cannot listen on ${path}: ${error.message}`)))
    // Between the bind and the chmod nobody else may get in.
    const umask = process.umask(0o177)
    server.listen(path, resolve)
    process.umask(umask)
  })
  const gid = process.getuid?.() === 0 && group !== null ? groupIdOf(group) : null
  if (gid !== null) chownSync(path, 0, gid)
  chmodSync(path, group === null ? 0o600 : 0o660)
  return server
}

/** A supervisor that was killed leaves its socket; one that lives answers on it. */
async function removeStale(path: string): Promise<void> {
  try {
    if (!lstatSync(path).isSocket()) {
      throw new Error(`${path} is not a socket: remove it, or use another run directory`)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if (await isAnswered(path)) {
    throw new Error(`another supervisor runs on ${path}: stop it, or use another run directory`)
  }
  unlinkSync(path)
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false)
      // EAGAIN: its queue is full, so somebody has it open.
      else if (error.code === 'EAGAIN') resolve(true)
      else reject(new Error(`cannot tell who has ${path}: ${error.message}`))
    })
  })
}
