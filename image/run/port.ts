import { createServer } from 'node:net'

/** Refuses a port that a box could not be reached at from this machine, and names a free one. */
export const needFreePort = async (port: number): Promise<void> => {
  const code = await refusal(port)
  if (code === null) return
  const other = await firstFree(port < 1024 ? 8443 : port + 1)
  const instead = other === null ? 'take another with --port' : `take another with --port ${other}`
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'is in use',
    EACCES: 'may be opened by root only',
  }
  throw new Error(
    `port ${port} of this machine ${reasons[code] ?? `cannot be opened (${code})`}: ${instead}`,
  )
}

const firstFree = async (from: number): Promise<number | null> => {
  for (let port = from; port <= Math.min(from + 999, 65_535); port++) {
    if ((await refusal(port)) === null) return port
  }
  return null
}

/** Null when the port can be listened on, else the kernel's reason. */
const refusal = (port: number): Promise<string | null> =>
  new Promise(settle => {
    const server = createServer().once('error', (error: NodeJS.ErrnoException) =>
      settle(error.code ?? error.message),
    )
    server.listen(port, '127.0.0.1', () => server.close(() => settle(null)))
  })
