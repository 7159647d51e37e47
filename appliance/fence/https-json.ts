import { type RequestOptions, request } from 'node:https'
import { isIP } from 'node:net'
import { withoutBrackets } from '../values/host-name.ts'
import { asPem } from '../values/pem.ts'
import { answerWithin } from './patience.ts'

export type HttpsServer = {
  readonly server: string
  readonly port: number
  readonly verify: boolean
  readonly ca: string | null
  readonly headers: Readonly<Record<string, string>>
}

/** It has answered, and said no. */
export class Refused extends Error {
  readonly status: number

  constructor(text: string, status: number) {
    super(text)
    this.status = status
  }
}

/** Of what a controller says, more than this is not read. */
const mostBytes = 1_000_000

/** One request, and its answer as JSON; null when it has no body. What is refused is thrown. */
export function askJson(
  { server, port, verify, ca, headers }: HttpsServer,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const text = body === undefined ? '' : JSON.stringify(body)
  const late = AbortSignal.timeout(answerWithin)
  const host = withoutBrackets(server)
  const options: RequestOptions = {
    host,
    port,
    path,
    method,
    agent: false,
    signal: late,
    rejectUnauthorized: verify,
    ...(ca === null ? {} : { ca: asPem(ca) }),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    headers: {
      Accept: 'application/json',
      ...headers,
      ...(body === undefined
        ? {}
        : {
            'Content-Type': 'application/json',
            'Content-Length': String(Buffer.byteLength(text)),
          }),
    },
  }
  const place = `${method} https://${server}:${port}${path}`
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const fail = (why: string): void => {
    reject(new Error(`${place}: ${why}`))
  }
  const asking = request(options, response => {
    const status = response.statusCode ?? 0
    let said = ''
    response.setEncoding('utf8').on('data', (part: string) => {
      said += part
      if (said.length > mostBytes) asking.destroy(new Error('the answer does not end'))
    })
    response.on('error', error => fail(error.message))
    response.on('end', () => {
      if (status < 200 || status > 299) {
        reject(new Refused(`${place}: status ${status}${reasonIn(said)}`, status))
      } else resolve(parsed(said))
    })
  })
  asking.on('error', error => {
    fail(late.aborted ? `no answer within ${answerWithin / 1000} s` : error.message)
  })
  asking.end(text)
  return promise
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The words of Redfish, of Proxmox, or of vCenter. */
function reasonIn(text: string): string {
  const said = parsed(text)
  const message =
    at(said, 'error', 'message') ??
    at(said, 'message') ??
    at(said, 'messages', 0, 'default_message') ??
    at(said, 'error_type')
  const words = typeof message === 'string' ? message : ''
  return words === '' ? '' : `: ${words.slice(0, 200)}`
}

/** What stands in a value under these keys, one in the other; undefined where there is nothing. */
export function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  let found = value
  for (const key of keys) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Reflect.get(found, key)
  }
  return found
}
