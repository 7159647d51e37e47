import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { type Duration, seconds } from '../../appliance/values/duration.ts'

export type WebAnswer = {
  readonly status: number
  readonly body: string
  readonly headers: IncomingHttpHeaders
  /** Of the certificate, SHA-256 as browsers show it. */
  readonly fingerprint: string
}

/**
 * Asks a box over a forwarded port. Its certificate is its own; nobody vouches for it, so who cares
 * compares the fingerprint with the one on its screen.
 */
export const askWeb = (
  port: number,
  path: string,
  within: Duration = seconds(20),
): Promise<WebAnswer> =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false }
    // From here to the last byte: a box that accepts and then says nothing has not answered.
    const signal = AbortSignal.timeout(within)
    const asked = request({ ...options, signal }, answer => {
      const fingerprint = (answer.socket as TLSSocket).getPeerCertificate().fingerprint256
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (text: string) => {
        body += text
      })
      answer.on('error', reject)
      answer.on('end', () => {
        const { statusCode = 0, headers } = answer
        resolve({ status: statusCode, body, headers, fingerprint })
      })
    })
    asked.on('error', reject)
    asked.end()
  })
