import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type Connection, parseConnection } from '../ipvs/connection.ts'

/** Either whether each was received by synchronization, or what persistence engines know of it. */
const files = {
  engines: '/proc/net/ip_vs_conn',
  origins: '/proc/net/ip_vs_conn_sync',
} as const

export type Connections = {
  readonly connections: readonly Connection[]
  /** There are more than were asked for. */
  readonly more: boolean
}

/**
 * The first `most` connections that `wanted` takes. There may be millions: the file is read piece
 * by piece, and no further than needed.
 */
export async function readConnections(
  most: number,
  wanted: (connection: Connection) => boolean = () => true,
  about: keyof typeof files = 'engines',
): Promise<Connections> {
  const stream = createReadStream(files[about], { encoding: 'latin1' })
  const connections: Connection[] = []
  try {
    for await (const line of createInterface({ input: stream })) {
      const connection = parseConnection(line)
      if (connection === null || !wanted(connection)) continue
      if (connections.length === most) return { connections, more: true }
      connections.push(connection)
    }
    return { connections, more: false }
  } finally {
    stream.destroy()
  }
}
