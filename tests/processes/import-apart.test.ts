import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { conversionWorkerFile } from '../../appliance/linux/lib-dir.ts'
import { Apart } from '../../appliance/supervisor/apart.ts'
import type { ConfigurationControl } from '../../appliance/supervisor/configuration/control.ts'
import { converted } from '../../appliance/supervisor/configuration/conversion.ts'
import { exported } from '../../appliance/supervisor/configuration/export.ts'
import type { Answer } from '../../appliance/supervisor/control/operation.ts'
import { seconds } from '../../appliance/values/duration.ts'
import { ConfiguredRun } from './configuration-run.ts'
import { inOwnNetwork } from './own-network.ts'
import { temporaryFolder } from './supervisor-lab.ts'
import { whenOk } from './supervisor-run.ts'

const lines = (count: number, line: (index: number) => string): string =>
  [
    'virtual_server 192.0.2.1 80 {',
    ...Array.from({ length: count }, (_, at) => line(at)),
    '}',
  ].join('\n')

const said = (answer: Answer): string =>
  answer.kind === 'problem' ? `${answer.problem.status} ${answer.problem.detail}` : answer.kind

/** A configuration of so many services of ten servers. */
function holding(services: number): ConfigurationControl {
  const servers = Object.fromEntries(
    Array.from({ length: 10 }, (_, at) => [`s${at}`, { address: `10.0.0.${at + 1}`, port: 80 }]),
  )
  const service = (at: number) => ({
    virtual: [{ address: '192.0.2.1', port: 1000 + at, held: false }],
    checks: ['page'],
    servers,
  })
  const document = {
    schemaVersion: 2,
    cluster: {
      checks: { page: { kind: 'tcp' } },
      services: Object.fromEntries(
        Array.from({ length: services }, (_, at) => [`shop${at}`, service(at)]),
      ),
    },
  }
  const shown = { source: 'store', revision: null, trial: null, document }
  const part = { current: () => shown, withSecrets: () => document }
  return part as Partial<ConfigurationControl> as ConfigurationControl
}

inOwnNetwork(import.meta.filename, () => {
  test('the supervisor answers while it imports what was made to be slow', async t => {
    const box = new ConfiguredRun(t, temporaryFolder())
    await whenOk(box.run)
    const text = lines(9_900, index => `nobody_knows_${index} ${'word '.repeat(index % 20)}`)
    const began = performance.now()
    let done = false
    const importing = box.ask('POST', 'configuration/import', { text }).finally(() => {
      done = true
    })
    let longest = 0
    let answers = 0
    while (!done) {
      const asked = performance.now()
      assert.equal((await box.ask('GET', 'status')).status, 200)
      longest = Math.max(longest, performance.now() - asked)
      answers += 1
    }
    const { status, body } = await importing
    const took = performance.now() - began
    assert.deepEqual([status, body.findings.length > 9_000], [200, true])
    t.diagnostic(`${answers} answers in ${Math.round(took)} ms, the longest ${Math.round(longest)}`)
    assert.ok(answers >= 10 && longest < took / 2, `${answers} answers, ${longest} of ${took} ms`)

    // The supervisor reads it with its own heap.
    const large = { text: 'a'.repeat(3 * 1024 * 1024) }
    const refused = await box.ask('POST', 'configuration/import', large)
    assert.deepEqual([refused.status, refused.body.reason], [413, 'body-too-large'])
    assert.match(refused.body.detail, /takes 3072 KiB at most.*`diarch import` reads it on any/s)
  })

  test('beyond the memory of a thread: refused in words, and the next one is served', async () => {
    const apart = new Apart(conversionWorkerFile, { memory: 24, time: seconds(30), waiting: 1 })
    const large = lines(9_900, index => `nobody_knows_${index} ${'\u2713 '.repeat(60)}`)
    const small = { text: 'vrrp_instance VI_1 {\n interface eth0\n}\n' }
    const answers = await Promise.all([
      converted({ kind: 'import', request: { text: large, peer: large } }, apart),
      converted({ kind: 'import', request: small }, apart),
      converted({ kind: 'import', request: small }, apart),
    ])
    const [greedy, served, refused] = answers.map(said)
    assert.match(greedy ?? '', /^422 it takes more than 24 MB of memory\. `diarch import` reads/)
    assert.equal(served, 'text')
    assert.match(refused ?? '', /^429 /)
  })

  test('the loop of the supervisor goes on while a keepalived.conf is written', async () => {
    const configuration = holding(300)
    let turns = 0
    const turning = setInterval(() => {
      turns += 1
    }, 1)
    const answer = await exported(configuration, { format: 'keepalived' })
    clearInterval(turning)
    assert.equal(answer.kind, 'text')
    const { text, findings } = JSON.parse(answer.kind === 'text' ? answer.text : '')
    assert.deepEqual([text.match(/^virtual_server /gm).length, findings], [300, []])
    assert.ok(turns >= 5, `${turns} turns of the loop meanwhile`)
  })

  test('what a thread has no room to write is refused, with what to do instead', async () => {
    const document = JSON.stringify(holding(3000).withSecrets())
    const apart = new Apart(conversionWorkerFile, { memory: 24, time: seconds(30), waiting: 1 })
    const work = { kind: 'export', document, format: 'keepalived', secrets: false } as const
    assert.match(
      said(await converted(work, apart)),
      /^422 .* of memory\. .*`diarch export FILE` wri/,
    )
  })

  test('work apart: what never ends is ended, and what comes after it is done', async () => {
    const program = join(temporaryFolder(), 'worker.mjs')
    writeFileSync(
      program,
      `import { parentPort, workerData } from 'node:worker_threads'
       if (workerData === 'loop') for (;;);
       if (workerData === 'eat') for (const all = []; ; ) all.push(new Array(1e5).fill(all.length))
       if (workerData === 'throw') throw new RangeError('out of it')
       if (workerData !== 'nothing') parentPort.postMessage(workerData)`,
    )
    const apart = new Apart(program, { memory: 32, time: seconds(2), waiting: 5 })
    const [endless, greedy, text, thrown, nothing, last, more] = await Promise.allSettled(
      ['loop', 'eat', 'a text', 'throw', 'nothing', 'another', 'one more'].map(work =>
        apart.do(work),
      ),
    )
    assert.deepEqual(
      [endless, greedy, text, last, more].map(each => each?.status === 'fulfilled' && each.value),
      [
        { kind: 'too-much', why: 'it takes more than 2 s' },
        { kind: 'too-much', why: 'it takes more than 32 MB of memory' },
        { kind: 'done', text: 'a text' },
        { kind: 'done', text: 'another' },
        { kind: 'busy' },
      ],
    )
    assert.match(`${thrown?.status === 'rejected' && thrown.reason}`, /RangeError: out of it/)
    assert.match(`${nothing?.status === 'rejected' && nothing.reason}`, /had nothing to say/)
  })
})
