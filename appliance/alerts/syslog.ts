import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { isIPv6, connect as plainConnect, type Socket } from 'node:net'
import { connect as tlsConnect } from 'node:tls'
import type { Alert } from '../alerting/alert.ts'
import { framed, syslogLine } from '../alerting/syslog-line.ts'
import type { SyslogChannel } from '../config/alert-schema.ts'
import { asPem } from '../values/pem.ts'
import { connectionWords } from './connection-words.ts'
import { patience } from './patience.ts'

const usualPort = { udp: 514, tcp: 514, tls: 6514 } as const

export async function sendSyslog(channel: SyslogChannel, alert: Alert): Promise<void> {
  const line = syslogLine(alert, channel.facility)
  const { server, transport } = channel
  const port = channel.port ?? usualPort[transport]
  const sending =
    transport === 'udp' ? sendDatagram(server, port, line) : sendStream(channel, port, framed(line))
  await sending.catch((error: unknown) => {
    throw new Error(connectionWords(error, `${server} port ${port}`, '"transport": "tcp"'))
  })
}

async function sendDatagram(server: string, port: number, line: string): Promise<void> {
  const { address } = await lookup(server)
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject)
      socket.send(line, port, address, error => (error === null ? resolve() : reject(error)))
    })
  } finally {
    socket.close()
  }
}

/** The server says nothing back: it has it when the end of the stream was acknowledged. */
function sendStream(channel: SyslogChannel, port: number, bytes: Uint8Array): Promise<void> {
  const { server: host, transport, verify, ca, certificate, secret } = channel
  const trust = { rejectUnauthorized: verify, ...(ca === null ? {} : { ca: asPem(ca) }) }
  const own =
    certificate === undefined || secret === undefined
      ? {}
      : { cert: asPem(certificate), key: asPem(secret) }
  const name = isIPv6(host) || /^[\d.]+$/.test(host) ? {} : { servername: host }
  return new Promise((resolve, reject) => {
    const socket: Socket =
      transport === 'tls'
        ? tlsConnect({ host, port, ...trust, ...own, ...name }, () => socket.end(bytes))
        : plainConnect({ host, port }, () => socket.end(bytes))
    socket.setTimeout(patience, () => {
      const perhaps = transport === 'tls' ? ': does it speak TLS there?' : ''
      socket.destroy(new Error(`it was silent for ${patience / 1000} s${perhaps}`))
    })
    socket.on('error', reject)
    socket.on('finish', () => socket.resume())
    socket.on('close', failed => (failed ? undefined : resolve()))
  })
}
