import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import {
  type ClientRequest,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext } from 'node:test'
import type { Role } from '../../appliance/api/role.ts'
import { bundlePage } from '../../rootfs/bundle.ts'
import { compileNative, tree } from './supervisor-lab.ts'
import { type Run, startRun, whenOk } from './supervisor-run.ts'

export type Said = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Of an answer that is JSON; of a stream, nothing. */
  readonly body: { readonly [key: string]: unknown }
}

export type Asked = {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Instead of `body`, as it is. */
  readonly content?: string | Buffer
  /** The client's own, of 127.0.0.0/8. */
  readonly from?: string
}

export type Site = Run & { readonly port: number }

/** The supervisor and its web process for all tests of a file, at a port that stays the same. */
export async function siteOfFile(): Promise<Site> {
  compileNative()
  await bundlePage(join(tree, 'build/lib'))
  const folder = mkdtempSync(join(tmpdir(), 'diarch-access-'))
  const t = { after } as unknown as TestContext
  const port = await freePort()
  const run = startRun(t, folder, { webPort: port })
  after(() => rmSync(folder, { recursive: true, force: true }))
  await whenOk(run)
  return { ...run, port }
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })

/** Over HTTPS, as from the network. A stream is answered when it begins, and left. */
export const visit = (site: Site, method: string, path: string, asked: Asked = {}) =>
  said(
    done =>
      httpsRequest(
        {
          host: '127.0.0.1',
          localAddress: asked.from ?? '127.0.0.1',
          port: site.port,
          method,
          path,
          headers: asked.headers ?? {},
          agent: false,
          rejectUnauthorized: false,
        },
        done,
      ),
    asked,
  )

/** Over the control socket, as root on the box. */
export const onBox = (site: Site, method: string, path: string, body?: unknown) =>
  said(
    done => httpRequest({ socketPath: join(site.runDir, 'control.sock'), method, path }, done),
    body === undefined ? {} : { body },
  )

function said(
  open: (done: (response: IncomingMessage) => void) => ClientRequest,
  asked: Asked,
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const request = open(response => {
      const { statusCode: status = 0, headers } = response
      if (headers['content-type'] === 'text/event-stream') {
        resolve({ status, headers, body: {} })
        request.destroy()
        return
      }
      let text = ''
      response.setEncoding('utf8')
      response.on('data', part => {
        text += part
      })
      response.on('error', reject)
      const isJson = /json$/.test(headers['content-type'] ?? 'json')
      response.on('end', () =>
        resolve({ status, headers, body: isJson ? JSON.parse(text || '{}') : {} }),
      )
    })
    request.on('error', reject)
    request.end(asked.content ?? (asked.body === undefined ? '' : JSON.stringify(asked.body)))
  })
}

export const password = 'correct horse'

export async function makeUser(site: Site, user: string, role: Role): Promise<void> {
  const made = await onBox(site, 'PUT', `/api/v1/users/${user}`, { role, password })
  assert.equal(made.status, 200, JSON.stringify(made.body))
}

/** The header of a new token of that role. */
export async function makeToken(site: Site, token: string, role: Role) {
  const made = await onBox(site, 'POST', '/api/v1/tokens', { token, role })
  assert.equal(made.status, 200, JSON.stringify(made.body))
  return { authorization: `Bearer ${made.body.secret}` }
}

/** What a browser that has logged in sends: its cookie, and the token of the session. */
export async function logIn(site: Site, user: string, secret = password, from = '127.0.0.1') {
  const body = { user, password: secret }
  const began = await visit(site, 'POST', '/api/v1/session', { body, from })
  assert.equal(began.status, 200, JSON.stringify(began.body))
  const [set = ''] = began.headers['set-cookie'] ?? []
  const cookie = set.split(';')[0] ?? ''
  return { set, cookie: { cookie }, csrf: { 'x-csrf-token': String(began.body.csrf) } }
}
