import { createHmac } from 'node:crypto'
import { type ClientRequest, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { type Alert, alertJson } from '../alerting/alert.ts'
import type { WebhookChannel } from '../config/alert-schema.ts'
import { asPem } from '../values/pem.ts'
import { connectionWords } from './connection-words.ts'
import { patience } from './patience.ts'

/** Redirects are not followed: where alerts go is the operator's word alone. */
export function sendWebhook(
  channel: WebhookChannel,
  alert: Alert,
  late: AbortSignal,
): Promise<void> {
  const { url, secret, verify, ca } = channel
  const body = alertJson(alert)
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    'X-Diarch-Id': alert.id,
  }
  if (secret !== undefined) {
    const signature = createHmac('sha256', secret).update(body).digest('hex')
    headers['X-Diarch-Signature'] = `sha256=${signature}`
  }
  const options = { method: 'POST', headers, timeout: patience, agent: false, signal: late }
  const trust = { rejectUnauthorized: verify, ...(ca === null ? {} : { ca: asPem(ca) }) }
  return new Promise((resolve, reject) => {
    const asking: ClientRequest = url.startsWith('https:')
      ? tlsRequest(url, { ...options, ...trust })
      : plainRequest(url, options)
    asking.on('response', response => {
      const status = response.statusCode ?? 0
      response.resume()
      if (status >= 200 && status < 300) resolve()
      else reject(new Error(`${url} answered with status ${status}; expected 200 to 299`))
      asking.destroy()
    })
    asking.on('timeout', () => {
      asking.destroy(new Error(`it did not answer within ${patience / 1000} s`))
    })
    asking.on('error', error => {
      reject(new Error(connectionWords(error, new URL(url).host, 'a "url" with http:')))
    })
    asking.end(body)
  })
}
