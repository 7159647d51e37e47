import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { request } from 'node:http'
import { join } from 'node:path'
import { before, test } from 'node:test'
import type * as z from 'zod'
import type { OperationDescription } from '../../appliance/api/operation.ts'
import { type OperationId, operationIds, operations } from '../../appliance/api/operations.ts'
import { problemSchema } from '../../appliance/api/problem.ts'
import { commonReasons } from '../../appliance/api/reasons.ts'
import { type ApiCall, calls, document } from './api-calls.ts'
import { readStream } from './event-stream.ts'
import { inOwnNetwork } from './own-network.ts'
import { compileNative, temporaryFolder, until } from './supervisor-lab.ts'
import { type Run, startRun, statusOf, whenOk } from './supervisor-run.ts'

/**
 * The first needs a kernel with IPVS, tests/unit/api-openapi.test.ts holds its shape; the answer of
 * the other one is a file, and tests/processes/backup.test.ts looks into it.
 */
const elsewhere: ReadonlySet<OperationId> = new Set<OperationId>([
  'listConnections',
  'makeSupportBundle',
])

type Answer = {
  readonly status: number
  readonly type: string | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly value: unknown
}

type Asked = {
  readonly method: string
  readonly path: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly socket?: 'control.sock' | 'web.sock'
}

const ask = (
  run: Run,
  { method, path, body, headers = {}, socket = 'control.sock' }: Asked,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const socketPath = join(run.runDir, socket)
    const asking = request({ socketPath, method, path, headers }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', part => {
        text += part
      })
      response.on('error', reject)
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response
        const type = headers['content-type']
        const value = /json$/.test(type ?? '') ? JSON.parse(text) : text
        resolve({ status, type, headers, value })
      })
    })
    asking.on('error', error => reject(new Error(`${method} ${path}: ${error.message}`)))
    asking.end(body)
  })

/** What the schema does not describe fails, also a key too many. */
function assertShaped(schema: z.ZodType, value: unknown, what: string): void {
  const { success, error } = schema.safeParse(value)
  assert.ok(success, `${what}: ${JSON.stringify(error?.issues)} in ${JSON.stringify(value)}`)
}

/** What a browser keeps of a session. */
let session: Readonly<Record<string, string>> = {}

function keepSession({ headers, value }: Answer): void {
  const [cookie] = (headers['set-cookie'] as string[] | undefined) ?? []
  if (cookie === undefined) return
  const { csrf } = value as { readonly csrf?: string }
  session = { cookie: cookie.split(';')[0] ?? '', 'x-csrf-token': csrf ?? '' }
}

async function perform(run: Run, { id, path, body, reason, by }: ApiCall): Promise<void> {
  const { method, path: shown, answer, problems }: OperationDescription = operations[id]
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const browser = { socket: 'web.sock', headers: { host: 'box', ...session } } as const
  const asked = { method, path: path ?? shown, ...sent, ...(by === undefined ? {} : browser) }
  const answered = await ask(run, asked)
  keepSession(answered)
  const { status, type, value } = answered
  const what = `${id} ${JSON.stringify(body) ?? ''}`
  if (reason === undefined && answer.kind === 'file') {
    assert.deepEqual([status, type], [200, answer.type], what)
    assert.ok(value !== '', what)
    return
  }
  if (reason === undefined) {
    assert.ok(answer.kind === 'json')
    assert.equal(status, answer.status, `${what}: ${JSON.stringify(value)}`)
    assert.equal(type, 'application/json', what)
    assertShaped(answer.schema, value, what)
    return
  }
  assertShaped(problemSchema, value, what)
  const problem = value as z.output<typeof problemSchema>
  assert.equal(problem.reason, reason, `${what}: ${JSON.stringify(value)}`)
  assert.equal(problem.status, status, what)
  assert.equal(type, 'application/problem+json', what)
  const said: readonly string[] = [...problems, ...Object.keys(commonReasons)]
  assert.ok(said.includes(reason), `${id} does not say that it refuses so`)
}

inOwnNetwork(import.meta.filename, () => {
  before(() => {
    compileNative()
    execFileSync('ip', ['link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1'])
    for (const name of ['v0', 'v1']) execFileSync('ip', ['link', 'set', name, 'up'])
    execFileSync('ip', ['address', 'add', '192.0.2.1/24', 'dev', 'v0'])
  })

  test('every operation of the table answers as the table says', async t => {
    const run = startRun(t, temporaryFolder())
    await whenOk(run)
    for (const call of calls) {
      const { when = () => true } = call
      await until(
        `what ${call.id} needs`,
        () => statusOf(run.runDir),
        status => status !== null && when(status),
      )
      await perform(run, call)
    }
    const streams = operationIds.filter(id => operations[id].answer.kind === 'stream')
    const called = new Set<OperationId>([...calls.map(({ id }) => id), ...streams])
    const uncalled = operationIds.filter(id => !called.has(id) && !elsewhere.has(id))
    assert.deepEqual(uncalled, [], 'each operation needs a call in api-calls.ts')
  })

  test('both streams begin with what the operations without one answer', async t => {
    const run = startRun(t, temporaryFolder())
    await whenOk(run)
    await perform(run, { id: 'changeConfiguration', body: { document } })
    await until(
      'the director knows the service',
      async () => (await statusOf(run.runDir))?.services ?? [],
      services => services.length > 0,
    )
    for (const [id, whole] of [
      ['streamStatus', operations.getStatus.answer.schema],
      ['streamServices', operations.listServices.answer.schema],
    ] as const) {
      const stream = readStream(t, join(run.runDir, 'control.sock'), operations[id].path)
      await until(
        'the whole',
        () => stream.events.length,
        length => length > 0,
      )
      assertShaped(whole, stream.document(), id)
      await perform(run, {
        id: 'overrideServer',
        path: '/api/v1/services/shop/servers/web1/override',
        body: { state: id === 'streamStatus' ? 'drain' : 'disabled' },
      })
      await until(
        'a change',
        () => stream.events.length,
        length => length > 1,
      )
      assertShaped(whole, stream.document(), `${id} after a change`)
    }
  })

  test('what is wrong with a request is said before anything is done', async t => {
    const run = startRun(t, temporaryFolder())
    await whenOk(run)
    const path = '/api/v1/configuration/changes'
    const large = (bytes: number): string => JSON.stringify({ reason: 'x'.repeat(bytes) })
    for (const [asked, status, reason, said] of [
      [{ method: 'GET', path: '/api/v1/none' }, 404, 'no-such-path', /\/api\/v1\/status,/],
      [{ method: 'POST', path: '/api/v1/status' }, 405, 'method-not-allowed', /Use GET/],
      [{ method: 'GET', path: '/api/v1/status?colour=red' }, 400, 'unknown-query', /"colour"/],
      [{ method: 'POST', path, body: '{"reason": ' }, 400, 'not-json', /JSON/],
      [{ method: 'POST', path, body: '[]' }, 422, 'body-refused', /the body is .* expected an obj/],
      [{ method: 'POST', path }, 422, 'body-refused', /the body is missing: expected an object/],
      [{ method: 'POST', path, body: '{"why": 1}' }, 422, 'body-refused', /why: there is no such/],
      [
        { method: 'POST', path, body: '{"parent": "1"}' },
        422,
        'body-refused',
        /parent is "1", expected a whole number/,
      ],
      [{ method: 'POST', path, body: large(5 * 1024 * 1024) }, 413, 'body-too-large', /4096 KiB/],
      [
        { method: 'POST', path: '/api/v1/configuration/export', body: large(80_000) },
        413,
        'body-too-large',
        /64 KiB/,
      ],
      // Within the limit of a change: it is read, and found to be none.
      [{ method: 'POST', path, body: large(3 * 1024 * 1024) }, 400, 'bad-change', /./],
    ] as const) {
      const answer = await ask(run, asked)
      assertShaped(problemSchema, answer.value, JSON.stringify(answer.value))
      const problem = answer.value as z.output<typeof problemSchema>
      const what = `${asked.method} ${asked.path}: ${JSON.stringify(answer.value)}`.slice(0, 600)
      assert.equal(answer.status, status, what)
      assert.equal(problem.reason, reason, what)
      assert.match(`${problem.title} ${problem.detail}`, said, what)
    }
    assert.equal((await statusOf(run.runDir))?.health.state, 'ok')
  })
})
