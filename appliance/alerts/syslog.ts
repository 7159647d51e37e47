import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { isIPv6, connect as plainConnect, type Socket } from 'node:net'
import { connect as tlsConnect } from 'node:tls'
import type { Alert } from '../alerting/alert.ts'
import { framed, syslogLine } from '../alerting/syslog-line.ts'
import type { SyslogChannel } from '../config/alert-schema.ts'
import { asPem } from '../values/pem.ts'
import { patience } from './patience.ts'

export async function sendSyslog(channel: SyslogChannel, alert: Alert): Promise<void> {
  const line = syslogLine(alert, channel.facility)
  if (channel.transport === 'udp') await sendDatagram(channel, line)
  else await sendStream(channel, framed(line))
}

async function sendDatagram({ server, port = 514 }: SyslogChannel, line: string): Promise<void> {
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
function sendStream(channel: SyslogChannel, bytes: Uint8Array): Promise<void> {
  const { server: host, transport, verify, ca } = channel
  const port = channel.port ?? (transport === 'tls' ? 6514 : 514)
  const trust = { rejectUnauthorized: verify, ...(ca === null ? {} : { ca: asPem(ca) }) }
  const name = isIPv6(host) || /^[\d.]+$/.test(host) ? {} : { servername: host }
  return new Promise((resolve, reject) => {
    const socket: Socket =
      transport === 'tls'
        ? tlsConnect({ host, port, ...trust, ...name }, () => socket.end(bytes))
        : plainConnect({ host, port }, () => socket.end(bytes))
    socket.setTimeout(patience, () => {
      socket.destroy(new Error(`${host} port ${port} was silent for ${patience / 1000} s`))
    })
    socket.on('error', reject)
    socket.on('finish', () => socket.resume())
    socket.on('close', failed => (failed ? undefined : resolve()))
  })
}
