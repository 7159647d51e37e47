/**
 * Runs on the box, with the box's own Node: tells which revisions there are, each read as a whole,
 * and then changes the configuration as fast as the box takes it, and says of each revision that
 * was acknowledged `acknowledged NUMBER HASH`.
 */
import { request } from 'node:http'

const site = { socketPath: '/run/diarch/control.sock', agent: false }

// biome-ignore lint/suspicious/noExplicitAny: it is told if it is something else
const ask = (method: string, path: string, body?: unknown): Promise<any> => {
  const headers = { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const asking = request({ ...site, method, path, headers }, response => {
      let said = ''
      response.setEncoding('utf8').on('data', part => {
        said += part
      })
      response.on('end', () => {
        if ((response.statusCode ?? 0) < 300) resolve(JSON.parse(said))
        else reject(new Error(`${method} ${path}: ${response.statusCode} ${said}`))
      })
    })
    asking.on('error', reject)
    asking.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

const tellAll = async (): Promise<void> => {
  const { revisions, damage } = await ask('GET', '/api/v1/configuration/revisions')
  for (const { number, hash } of revisions) {
    await ask('GET', `/api/v1/configuration/revisions/${number}`)
    console.log(`found ${number} ${hash}`)
  }
  for (const what of damage) console.log(`damaged ${what}`)
  console.log(`all found: ${revisions.length}`)
}

/** A box that is slow, or starting, may refuse it: then the same again. */
const change = async (body: unknown): Promise<void> => {
  for (;;) {
    try {
      const { revision } = await ask('POST', '/api/v1/configuration/changes', body)
      console.log(`acknowledged ${revision.number} ${revision.hash}`)
      return
    } catch (error) {
      console.log(`not taken: ${error}`)
      await new Promise(later => setTimeout(later, 1000))
    }
  }
}

/** Of several blocks; nothing asks these checks. */
const documentNumber = (n: number) => {
  const quiet = { kind: 'http', path: `/${n}`, interval: '1h', timeout: '1s' }
  const many = Array.from({ length: 60 }, (_, index) => [`quiet${index}`, quiet])
  const db = { kind: 'mysql', interval: '1h', timeout: '1s', login: login(n) }
  const virtual = [{ address: '192.0.2.1', port: 3306, held: false }]
  const servers = { a: { address: '127.0.0.1', port: 9, weight: 1 + (n % 200) } }
  return {
    schemaVersion: 2,
    cluster: {
      checks: { ...Object.fromEntries(many), db },
      services: { db: { virtual, checks: ['db'], servers } },
    },
  }
}
const login = (n: number) => ({ user: 'diarch', password: `geheim-${n}` })

for (;;) {
  try {
    await ask('GET', '/api/v1/configuration')
    break
  } catch {
    await new Promise(later => setTimeout(later, 500))
  }
}
await tellAll()
const { revision } = await ask('GET', '/api/v1/configuration')
let n: number = revision?.number ?? 0
await change({ parent: n, document: documentNumber(n) })
for (;;) {
  n += 1
  const value = 1 + (n % 200)
  const weight = { op: 'replace', path: '/cluster/services/db/servers/a/weight', value }
  const other = {
    op: 'replace',
    path: '/cluster/checks/db/login/password',
    value: login(n).password,
  }
  // Every third has secrets of its own.
  await change({ patch: n % 3 === 0 ? [weight, other] : [weight] })
}
