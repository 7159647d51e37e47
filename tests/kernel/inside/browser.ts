import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'

/** Who comes through the process `web`, without that process: logs in, and has a session. */
export function browser(runDir: string) {
  const socketPath = join(runDir, 'web.sock')
  let cookie = ''
  const ask = (method: string, more: object, body?: object): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = { host: 'box', 'content-type': 'application/json', ...more }
      const asking = request({ socketPath, method, path: '/api/v1/session', headers }, resolve)
      asking.on('error', reject)
      asking.end(body === undefined ? undefined : JSON.stringify(body))
    })
  return {
    logIn: async (from: string, password: string) => {
      const answer = await ask('POST', { 'x-diarch-client': from }, { user: 'anna', password })
      answer.resume()
      const [set] = answer.headers['set-cookie'] ?? []
      cookie = set?.split(';')[0] ?? cookie
      const { statusCode: status = 0, headers } = answer
      return { status, retryAfter: Number(headers['retry-after'] ?? 0) }
    },
    /** The status of asking for the session. */
    session: async (): Promise<number> => {
      const answer = await ask('GET', { cookie })
      answer.resume()
      return answer.statusCode ?? 0
    },
  }
}
