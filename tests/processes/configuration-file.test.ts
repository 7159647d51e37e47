import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { hashPasswords } from '../../appliance/linux/password.ts'
import { Configuration } from '../../appliance/supervisor/configuration/configuration.ts'
import { ConfiguredRun, document, weightTo } from './configuration-run.ts'
import { inOwnNetwork } from './own-network.ts'
import { compileNative, temporaryFolder } from './supervisor-lab.ts'

type Opened = {
  readonly configuration: Configuration
  readonly alarms: readonly string[]
  readonly events: readonly string[]
}

/** The store alone, as a supervisor without processes has it. */
async function open(
  folder: string,
  from: { readonly file?: string; readonly handWritten?: string },
): Promise<Opened> {
  const alarms: string[] = []
  const events: string[] = []
  const configuration = new Configuration({
    stateDir: folder,
    file: from.file ?? null,
    handWritten: from.handWritten ?? null,
    give: async () => [],
    sealed: hashPasswords,
    note: (event, text) => void events.push(`${event}: ${text}`),
    share: async (_, write) => {
      const why = write()
      return why === null ? null : { kind: 'not-written', why }
    },
    trialEnded: () => {},
    turned: () => {},
    alarm: texts => void alarms.splice(0, alarms.length, ...texts.map(({ message }) => message)),
  })
  await configuration.start()
  return { configuration, alarms, events }
}

const written = (value: unknown) => {
  const folder = temporaryFolder()
  const file = join(folder, 'pair.json')
  writeFileSync(file, JSON.stringify(value))
  return { folder, file }
}

const authors = ({ configuration }: Opened) =>
  configuration.history().revisions.map(({ number, author }) => `${number} ${author}`)

inOwnNetwork(import.meta.filename, () => {
  compileNative()

  test('a file is the truth: recorded when it has changed, changed by hand alone', async t => {
    const { folder, file } = written(document(1))
    const box = new ConfiguredRun(t, folder, { config: file })
    await box.answers()
    await box.scheduler('rr')
    const { source, revision } = await box.current()
    assert.deepEqual([source, revision.number, revision.author], [file, 1, `FILE ${file}`])

    const refused = await box.change(weightTo(5))
    assert.deepEqual([refused.status, refused.body.reason], [409, 'configuration-in-file'])
    assert.ok(refused.body.detail.includes(file), refused.body.detail)
    assert.equal((await box.change({ ...weightTo(5), dryRun: true })).body.outcome, 'planned')

    const reload = () => box.ask('POST', 'configuration/reload')
    assert.equal((await reload()).status, 200)
    writeFileSync(file, JSON.stringify(document(1, 'wrr')))
    assert.equal((await reload()).status, 200)
    await box.scheduler('wrr')
    writeFileSync(file, '{')
    assert.deepEqual((await reload()).body.reason, 'configuration-refused')
    const { body } = await box.ask('GET', 'configuration/revisions')
    assert.deepEqual(
      body.revisions.map(({ number }: { number: number }) => number),
      [2, 1],
    )
    await box.scheduler('wrr')
  })

  test('a file that is read again and says the same is no news, passwords and all', async () => {
    const users = { anna: { role: 'admin', password: 'a long enough password' } }
    const value = document(1)
    const { folder, file } = written({ ...value, cluster: { ...value.cluster, users } })
    const first = await open(folder, { file })
    assert.deepEqual(authors(first), [`1 FILE ${file}`])
    assert.ok(!JSON.stringify(first.configuration.withSecrets()).includes('long enough'))
    assert.deepEqual(authors(await open(folder, { file })), [`1 FILE ${file}`])
  })

  test('the document somebody put on the disk of a new box is its first revision', async () => {
    const { folder, file } = written(document(1))
    const box = await open(folder, { handWritten: file })
    assert.deepEqual(authors(box), ['1 diarch.json'])
    assert.equal(box.configuration.current().source, 'store')
    const [why] = await box.configuration.reload()
    assert.match(why ?? '', /^the configuration is in the store and not in a file: change it with/)

    writeFileSync(file, JSON.stringify(document(9)))
    assert.deepEqual(authors(await open(folder, { handWritten: file })), ['1 diarch.json'])
  })

  test('one that is wrong is an alarm and an event, and read again at the next start', async () => {
    const { folder, file } = written({ ...document(1), invented: true })
    const box = await open(folder, { handWritten: file })
    assert.match(box.alarms[0] ?? '', /pair\.json: .*invented: there is no such key/)
    assert.equal(box.configuration.status, null)
    const wrong = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`invented${n}`, true]))
    writeFileSync(file, JSON.stringify({ ...document(1), ...wrong }))
    const { alarms, events } = await open(folder, { handWritten: file })
    const more =
      /invented0: [^;]*; .*invented2: [^;]*; and 27 more: "diarch check (.*)" says all of it$/
    assert.equal(more.exec(alarms[0] ?? '')?.[1], file, alarms[0])
    assert.deepEqual(events, [`configuration-refused: ${alarms[0]}`])
    writeFileSync(file, JSON.stringify(document(1)))
    assert.deepEqual(authors(await open(folder, { handWritten: file })), ['1 diarch.json'])
  })

  test('two supervisors do not share one folder', async t => {
    const folder = temporaryFolder()
    const first = new ConfiguredRun(t, folder)
    await first.answers()
    const run = join(folder, 'other-run')
    const second = new ConfiguredRun(t, folder, { runDir: run })
    assert.deepEqual([...(await second.run.exited)], [1, null])
    assert.match(second.run.output(), /another supervisor keeps its state in .*\/state: stop it/)
    await first.apply({ document: document(1) })
  })
})
