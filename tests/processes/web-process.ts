import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { Status, WebStatus } from '../../appliance/status/document.ts'
import type { FromChild, ToChild } from '../../appliance/status/messages.ts'
import { bundlePage } from '../../rootfs/bundle.ts'

export const webMain = join(import.meta.dirname, '../../appliance/web/main.ts')

/** The parent that the web process has on a box, as far as it can see. */
export type WebProcess = {
  readonly child: ChildProcess
  readonly port: number
  readonly fingerprint: string
  readonly messages: readonly FromChild[]
  readonly stderr: () => string
  readonly tell: (message: ToChild) => void
  readonly exited: Promise<number | null>
}

export type Folders = {
  readonly lib: string
  readonly state: string
  readonly run: string
  readonly remove: () => void
}

/** A library with the page in it, and an empty state folder. */
export async function makeFolders(): Promise<Folders> {
  const root = mkdtempSync(join(tmpdir(), 'diarch-web-'))
  // Readable for the user as whom a test may start the process.
  chmodSync(root, 0o755)
  const lib = join(root, 'lib')
  await bundlePage(lib)
  writeFileSync(join(lib, 'release'), 'VERSION=0.1.0\nCOMMIT=test\nBUILT=1760000000\n')
  const remove = () => rmSync(root, { recursive: true, force: true })
  return { lib, state: join(root, 'state'), run: join(root, 'run'), remove }
}

export const webEnv = (folders: Folders, port = 0) => ({
  ...process.env,
  DIARCH_LIB: folders.lib,
  DIARCH_STATE: folders.state,
  DIARCH_RUN: folders.run,
  DIARCH_WEB_PORT: String(port),
})

export async function startWeb(
  folders: Folders,
  options: { readonly uid?: number; readonly port?: number } = {},
): Promise<WebProcess> {
  const child = fork(webMain, {
    env: webEnv(folders, options.port),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  })
  const messages: FromChild[] = []
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const ready = new Promise<WebStatus>((resolve, reject) => {
    child.on('message', (message: FromChild) => {
      messages.push(message)
      if (message.kind === 'ready' && message.web !== undefined) resolve(message.web)
    })
    exited.then(code => reject(new Error(`web ended with ${code} before ready: ${stderr}`)), reject)
  })
  const { port, fingerprint } = await ready
  const tell = (message: ToChild) => void child.send(message)
  return { child, port, fingerprint, messages, stderr: () => stderr, tell, exited }
}

export async function stopWeb(web: WebProcess): Promise<number | null> {
  if (web.child.exitCode === null && web.child.connected) web.tell({ kind: 'stop' })
  return await web.exited
}

/** The one that all tests of a file ask, until the last of them is done. */
export async function webOfFile(): Promise<{
  readonly web: WebProcess
  readonly folders: Folders
}> {
  const folders = await makeFolders()
  after(folders.remove)
  const web = await startWeb(folders)
  after(() => stopWeb(web))
  return { web, folders }
}

export type Answer = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** One request on a connection of its own; the certificate must be the announced one. */
export function ask(
  web: WebProcess,
  path: string,
  options: RequestOptions = {},
  content?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: '127.0.0.1',
        port: web.port,
        path,
        agent: false,
        rejectUnauthorized: false,
        ...options,
      },
      response => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', part => {
          body += part
        })
        response.on('error', reject)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        )
      },
    )
    request.on('error', reject)
    request.end(content)
  })
}

export function statusOf(change: Partial<Status> = {}): Status {
  const at = '2026-01-01T00:00:00Z'
  return {
    product: 'Diarch',
    version: '0.1.0',
    commit: 'a-secret-commit',
    hostname: 'edge-north',
    now: at,
    bootedAt: at,
    uptimeSeconds: 3661.5,
    health: { state: 'ok', since: at, why: 'a secret reason' },
    slot: { running: 'a', state: 'confirmed', since: at, why: 'a secret reason', upgrade: null },
    storage: { state: 'disk', path: '/state', freeMiB: 1, totalMiB: 2, since: at, why: '' },
    memory: { usedMiB: 90, totalMiB: 458 },
    watchdog: null,
    time: null,
    processes: [],
    ports: [],
    web: null,
    routers: [],
    trackers: [],
    services: [],
    director: {
      ...{ state: 'ok', since: at, why: '' },
      ...{ sync: null, missing: null, refused: [], claims: [] },
    },
    configuration: null,
    setup: { state: 'needed', since: at, why: 'there is no user yet' },
    alerts: [],
    snmp: null,
    guard: null,
    fencing: null,
    pair: {
      state: 'single',
      since: '2026-01-01T00:00:00.000Z',
      why: 'paired with nobody',
      peer: null,
      key: null,
      codeExpiresAt: null,
      handover: null,
    },
    maintenance: null,
    alarms: [],
    ...change,
  }
}

/** Polls until true; the limit is generous because the machine is shared. */
export async function until(what: string, check: () => boolean | Promise<boolean>, ms = 30_000) {
  const deadline = performance.now() + ms
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`waited ${ms} ms in vain for: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
