import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer as createWebServer } from 'node:http'
import { createServer as createTlsWebServer } from 'node:https'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'
import { isDeepStrictEqual, promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import type { Alert } from '../../appliance/alerting/alert.ts'
import { deliver } from '../../appliance/alerts/deliver.ts'
import { ConfiguredRun } from './configuration-run.ts'
import { inOwnNetwork } from './own-network.ts'
import { certificates, closedPort, ownFolder, withServer } from './probes-lab.ts'
import { compileNative, temporaryFolder, until } from './supervisor-lab.ts'
import { cli, statusOf } from './supervisor-run.ts'

const secret = 'correct horse battery staple'
const run = promisify(execFile)

/** A receiver that says yes or no, and remembers what it was sent. */
async function receiver(t: TestContext, port = 0) {
  const got: { readonly alert: Alert; readonly signed: boolean }[] = []
  const wish = { status: 200 }
  const server = createWebServer((request, response) => {
    let body = ''
    request.on('data', part => {
      body += part
    })
    request.on('end', () => {
      const own = createHmac('sha256', secret).update(body).digest('hex')
      const signed = request.headers['x-diarch-signature'] === `sha256=${own}`
      got.push({ alert: JSON.parse(body), signed })
      response.writeHead(wish.status).end()
    })
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  t.after(() => server.close())
  return { got, wish, port: (server.address() as AddressInfo).port }
}

const document = (channels: object, hold = '0s') => ({
  schemaVersion: 2,
  cluster: { alerts: { channels, hold } },
})

inOwnNetwork(import.meta.filename, () => {
  compileNative()
  const { folder, authority } = certificates()
  const mails = join(ownFolder(), 'mails')
  const smtp = (port: number, ...more: string[]) => [
    ...['aiosmtpd', '-n', '-l', `127.0.0.1:${port}`, '-c', 'aiosmtpd.handlers.Mailbox', mails],
    ...more,
  ]
  const tls = ['--tlscert', join(folder, 'good.pem'), '--tlskey', join(folder, 'good.key')]
  const [program = '', ...args] = smtp(2525, ...tls)
  withServer([program, ...args], 2525)

  const mail = {
    kind: 'mail',
    server: '127.0.0.1',
    port: 2525,
    // As a form gives it, which has one line.
    ca: authority.replaceAll('\n', ''),
    from: 'lb@example.org',
    to: ['ada@example.org', 'ben@example.org'],
  }
  const readMails = (): readonly string[] => {
    try {
      const letters = join(mails, 'new')
      return readdirSync(letters).map(name => readFileSync(join(letters, name), 'utf8'))
    } catch {
      return []
    }
  }

  test('an alarm and its end by mail, webhook and syslog', async t => {
    const hook = await receiver(t)
    let syslog = ''
    const server = createServer(socket => {
      socket.on('data', part => {
        syslog += part
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.close())
    const { port } = server.address() as AddressInfo
    const box = new ConfiguredRun(t, temporaryFolder())
    await box.answers()
    const channels = {
      office: mail,
      chat: { kind: 'webhook', url: `http://127.0.0.1:${hook.port}/x`, secret },
      log: { kind: 'syslog', server: '127.0.0.1', port, transport: 'tcp', facility: 'local1' },
      other: { kind: 'webhook', url: `http://127.0.0.1:${hook.port}/x`, alarms: ['split-brain'] },
    }
    await box.apply({ document: document(channels) })
    const ofMaintenance = () => hook.got.filter(({ alert }) => alert.subject === 'maintenance')
    await box.ask('PUT', 'maintenance')
    await until('it is told', ofMaintenance, got => got.length === 1)
    await box.ask('DELETE', 'maintenance')
    await until('its end too', ofMaintenance, got => got.length === 2)
    assert.deepEqual(
      ofMaintenance().map(({ alert, signed }) => [alert.state, alert.lines.length, signed]),
      [
        ['begins', 1, true],
        ['ends', 1, true],
      ],
    )
    const letters = await until('mails', readMails, all => all.length >= 2)
    // As mail programs write it when there are quotation marks in it.
    const subject = /^Subject: =.UTF-8.Q.*_maintenance_begins=3A_This_box/m
    assert.ok(
      letters.some(letter => subject.test(letter)),
      letters.join('\n'),
    )
    assert.match(letters[0] ?? '', /^To: ada@example.org, ben@example.org$/m)
    await until(
      'syslog',
      () => syslog,
      text =>
        /^\d+ <137>1 [\dT:.Z-]+ \S+ diarch - maintenance - .* begins/.test(text) &&
        / ends: /.test(text),
    )
    const expected = [
      ['office', 'ok', 0],
      ['chat', 'ok', 0],
      ['log', 'ok', 0],
      ['other', 'unused', 0],
    ]
    await until(
      'nothing waits',
      async () => (await statusOf(box.run.runDir))?.alerts ?? [],
      all =>
        isDeepStrictEqual(
          all.map(each => [each.name, each.state, each.waiting]),
          expected,
        ),
    )
    const { body } = await box.ask('GET', 'configuration')
    assert.ok(!JSON.stringify(body).includes(secret), 'the secret is not shown')
  })

  test('what was not taken survives a killed box, and comes with the same number', async t => {
    const hook = await receiver(t)
    hook.wish.status = 503
    const own = temporaryFolder()
    const box = new ConfiguredRun(t, own)
    await box.answers()
    const chat = { kind: 'webhook', url: `http://127.0.0.1:${hook.port}/` }
    await box.apply({ document: document({ chat }) })
    await box.ask('PUT', 'maintenance')
    const begun = () => hook.got.filter(({ alert }) => alert.subject === 'maintenance')
    await until('it was tried', begun, got => got.length > 0)
    await until(
      'an alarm says so',
      async () => (await statusOf(box.run.runDir))?.alarms ?? [],
      alarms =>
        alarms.some(
          ({ reason, message }) =>
            reason === 'alerts-failing' &&
            /chat: .* answered with status 503; expected 200/.test(message),
        ),
    )
    const tried = begun()[0]?.alert.id
    await box.kill()
    hook.wish.status = 204
    const before = hook.got.length
    const again = new ConfiguredRun(t, own)
    await again.answers()
    const after = await until(
      'it comes',
      () => hook.got.slice(before),
      got => got.some(({ alert }) => alert.id === tried),
    )
    assert.equal(after[0]?.alert.id, tried, 'in its order')
    // Who was told of it before the restart hears only of its end.
    await again.ask('DELETE', 'maintenance')
    await until('its end', begun, got => got.some(({ alert }) => alert.state === 'ends'))
    const told = begun().filter(({ alert }) => alert.state === 'begins')
    assert.deepEqual(new Set(told.map(({ alert }) => alert.id)), new Set([tried]))
  })

  test('who answers a byte at a time, or begins to talk and stops, has not taken it', async t => {
    const dripping = createServer(socket => {
      socket.on('error', () => {})
      const drip = setInterval(() => socket.write('X-A: b\r\n'), 20)
      socket.on('close', () => clearInterval(drip))
      socket.write('HTTP/1.1 200 OK\r\n')
    })
    const silent = createServer(socket => {
      socket.on('error', () => {})
      socket.write('220 mail\r\n')
    })
    for (const server of [dripping, silent]) {
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      t.after(() => server.close())
    }
    const [web, letters] = [dripping, silent].map(each => (each.address() as AddressInfo).port)
    const common = { topics: [], alarms: undefined, verify: true, ca: null }
    const url = `http://127.0.0.1:${web}/`
    const alert = { id: '1', at: new Date().toISOString(), box: 'lb1', lines: ['x'] } as const
    const told = { ...alert, topic: 'alarms', state: 'begins', subject: 'test' } as const
    const late = { taken: false, why: 'it was not taken within 0.3 s' }
    const hook = { ...common, kind: 'webhook', url, secret: undefined } as const
    const hand = () => Promise.reject(new Error('nobody is there'))
    assert.deepEqual(await deliver(hook, told, hand, 300), late)
    const where = {
      server: '127.0.0.1',
      port: letters,
      security: 'none',
      login: undefined,
    } as const
    const letter = { ...common, ...where, kind: 'mail', from: 'a@b.c', to: ['d@e.f'] } as const
    assert.deepEqual(await deliver(letter as never, told, hand, 300), late)
  })

  test('webhook and syslog with an authority that a form has made one line of', async t => {
    const files = { cert: 'good.pem', key: 'good.key' } as const
    const identity = Object.entries(files).map(([key, name]) => {
      return [key, readFileSync(join(folder, name))] as const
    })
    const heard: string[] = []
    const web = createTlsWebServer(Object.fromEntries(identity), (_, response) => response.end())
    const log = createTlsServer(Object.fromEntries(identity), socket => {
      socket.on('data', part => heard.push(`${part}`)).on('error', () => undefined)
    })
    for (const server of [web, log]) {
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      t.after(() => server.close())
    }
    const [page, port] = [web, log].map(each => (each.address() as AddressInfo).port)
    const ca = authority.replaceAll('\n', '')
    const common = { topics: [], alarms: undefined, verify: true, ca, secret: undefined }
    const url = `https://127.0.0.1:${page}/`
    const alert = { id: '1', at: new Date().toISOString(), box: 'lb1', lines: ['x'] } as const
    const told = { ...alert, topic: 'alarms', state: 'begins', subject: 'test' } as const
    const hand = () => Promise.reject(new Error('nobody is there'))
    const taken = { taken: true, why: null }
    assert.deepEqual(await deliver({ ...common, kind: 'webhook', url } as never, told, hand), taken)
    const syslog = { ...common, kind: 'syslog', server: '127.0.0.1', port, transport: 'tls' }
    assert.deepEqual(await deliver({ ...syslog, facility: 'local1' } as never, told, hand), taken)
    await until(
      'syslog',
      () => heard.join(''),
      text => text.includes(' diarch '),
    )
  })

  test('diarch alerts: a test that is taken, one that is not, one of nothing', async t => {
    const box = new ConfiguredRun(t, temporaryFolder())
    await box.answers()
    const untrusted = { ...mail, ca: null }
    const gone = { kind: 'webhook', url: `http://127.0.0.1:${await closedPort()}/` }
    const book = { kind: 'file', facility: 'local3' }
    await box.apply({ document: document({ office: mail, untrusted, gone, book }) })
    const diarch = (...words: string[]) =>
      run(process.execPath, [cli, ...words, '--run', box.run.runDir]).then(
        ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
        ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
      )
    const good = await diarch('alerts', 'test', 'office')
    assert.deepEqual([good.code, good.stdout], [0, 'office: the test was taken\n'], good.stderr)
    assert.match(
      (await diarch('alerts', 'test', 'untrusted')).stderr,
      /of nobody we trust \(unable to verify the first certificate.*its authority belongs in "ca"/,
    )
    assert.match((await diarch('alerts', 'test', 'gone')).stderr, /ECONNREFUSED/)
    const none = await diarch('alerts', 'test', 'nobody')
    assert.equal(none.code, 1)
    assert.match(none.stderr, /no channel "nobody".*office, untrusted, gone, book/s)
    assert.equal((await diarch('alerts', 'test', 'book')).code, 0)
    const written = await diarch('alerts', 'log', 'book')
    const line =
      /^<157>1 \S+Z \S+ diarch - test - .* test of the channel "book": nothing is wrong\.$/m
    assert.match(written.stdout, line, written.stderr)
    const noFile = await diarch('alerts', 'log', 'office')
    assert.match(noFile.stderr, /no file channel "office".*has book/s)
    const bundle = join(temporaryFolder(), 'bundle')
    await diarch('support', bundle)
    assert.match(gunzipSync(readFileSync(bundle)).toString('latin1'), line)
    const shown = await diarch('alerts')
    assert.equal(shown.code, 1)
    assert.match(shown.stdout, /^office +mail +ok +\d+ +the last alert was taken$/m)
    assert.match(
      shown.stdout,
      /^gone +webhook +failing +\d+ +127\.0\.0\.1:\d+: connect ECONNREFUSED/m,
    )
  })
})
