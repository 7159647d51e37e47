export type ControlMethod = 'GET' | 'POST' | 'PUT' | 'DELETE'

export type ControlAnswer = {
  readonly status: number
  /** Null: it was no JSON. */
  readonly value: unknown
}

/** All processes take a new configuration before it is answered, on slow machines too. */
const longestSilence = { GET: 20_000, POST: 90_000, PUT: 90_000, DELETE: 90_000 } as const

/** One request over a control socket. Rejects with the error of the socket when nobody answers. */
export function requestControl(
  socketPath: string,
  method: ControlMethod,
  path: string,
  author: string,
  body?: unknown,
): Promise<ControlAnswer> {
  // An import would cost each command 30 ms, also those that ask nobody.
  const { request } = process.getBuiltinModule('node:http')
  const text = body === undefined ? '' : JSON.stringify(body)
  const timeout = longestSilence[method]
  return new Promise((resolve, reject) => {
    const headers = { 'X-Diarch-User': author, ...contentHeaders(text) }
    const asking = request({ socketPath, method, path, headers, timeout }, response => {
      const parts: Buffer[] = []
      response.on('data', part => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const value = parse(Buffer.concat(parts).toString('utf8'))
        resolve({ status: response.statusCode ?? 500, value })
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
