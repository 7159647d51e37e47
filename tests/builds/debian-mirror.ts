import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from '../lab/vm/scratch.ts'
import { warmCache } from './tree.ts'

const lists = join(warmCache, 'apt/state/lists')
const archives = join(warmCache, 'apt/archives')

/** Whoever signs the index is Debian: this mirror can only pass on what a build has fetched. */
export type DebianMirror = {
  readonly debian: string
  readonly security: string
  /** The names of the packages that were asked for. */
  readonly sent: string[]
  /** Answers requests for which it is true itself. */
  disturb: (path: string, answer: ServerResponse) => boolean
}

/** A Debian mirror on the loopback interface, from the cache of this machine's builds. */
export const startMirror = async (t: TestContext): Promise<DebianMirror> => {
  if (!existsSync(lists)) {
    throw new Error(`${warmCache} holds no downloads: run ./build.sh once, where Debian is reached`)
  }
  const server = createServer((request, answer) => {
    const path = decodeURIComponent(request.url ?? '')
    if (path.endsWith('.deb')) mirror.sent.push(path.replace(/^.*\/([^_]+)_.*$/, '$1'))
    if (mirror.disturb(path, answer)) return
    const content = path.endsWith('.deb') ? archive(path) : index(path)
    answer.writeHead(content ? 200 : 404).end(content ?? undefined)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  t.after(async () => {
    server.closeAllConnections()
    await new Promise(done => server.close(done))
  })
  const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const mirror: DebianMirror = {
    debian: `${here}/debian`,
    security: `${here}/debian-security`,
    sent: [],
    disturb: () => false,
  }
  return mirror
}

/** Names of files in a cache have colons as apt writes them. */
const archive = (path: string): Buffer | null => {
  const name = path.slice(path.lastIndexOf('/') + 1).replaceAll(':', '%3a')
  const [, named, version, rest] = /^([^_]+)_([^_]+)_(.*)$/.exec(name) ?? []
  // In the pool the epoch is left out of the name.
  const found = readdirSync(archives).find(
    file => file === name || file.replace(/_\d+%3a/, '_') === `${named}_${version}_${rest}`,
  )
  return found ? readFileSync(join(archives, found)) : null
}

/** apt keeps an index under its address without http://, and compressed in its own way. */
const index = (path: string): Buffer | null => {
  const name = path.slice(1).replaceAll('/', '_')
  const file = readdirSync(lists).find(each => each.replace(/\.lz4$/, '').endsWith(`_${name}`))
  if (!file) return null
  const helper = '/usr/lib/apt/apt-helper'
  return execFileSync(helper, ['cat-file', join(lists, file)], { maxBuffer: 1 << 28 })
}
