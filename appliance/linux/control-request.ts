export type ControlMethod = 'GET' | 'POST' | 'PUT' | 'DELETE'

export type ControlAnswer = {
  readonly status: number
  /** Null: it was no JSON. */
  readonly value: unknown
}

/** `cookies`: of a login, as `Set-Cookie` has them. */
export type VisitorAnswer = ControlAnswer & { readonly cookies: readonly string[] }

/** All processes take a new configuration before it is answered, on slow machines too. */
const longestSilence = { GET: 20_000, POST: 90_000, PUT: 90_000, DELETE: 90_000 } as const

/** One request over a control socket. Rejects with the error of the socket when nobody answers. */
export const requestControl = (
  socketPath: string,
  method: ControlMethod,
  path: string,
  author: string,
  body?: unknown,
): Promise<ControlAnswer> =>
  requestWith(socketPath, method, path, { 'X-Diarch-User': author }, body)

/** The same as somebody whom other headers name. */
export function requestWith(
  socketPath: string,
  method: ControlMethod,
  path: string,
  own: Readonly<Record<string, string>>,
  body?: unknown,
): Promise<VisitorAnswer> {
  // An import would cost each command 30 ms, also those that ask nobody.
  const { request } = process.getBuiltinModule('node:http')
  const text = body === undefined ? '' : JSON.stringify(body)
  const timeout = longestSilence[method]
  return new Promise((resolve, reject) => {
    const headers = { ...own, ...contentHeaders(text) }
    // A connection that is kept may be closed there at the moment at which it is used again.
    const options = { socketPath, method, path, headers, timeout, agent: false } as const
    const asking = request(options, response => {
      const parts: Buffer[] = []
      response.on('data', part => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const value = parse(Buffer.concat(parts).toString('utf8'))
        const { statusCode: status = 500, headers } = response
        resolve({ status, value, cookies: headers['set-cookie'] ?? [] })
      })
    })
    asking.on('timeout', () => asking.destroy(new Error(`no answer within ${timeout / 1000} s`)))
    asking.on('error', reject)
    asking.end(text)
  })
}

const contentHeaders = (text: string): Readonly<Record<string, string | number>> =>
  text === ''
    ? {}
    : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
