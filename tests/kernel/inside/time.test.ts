import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { pidOf } from '../../../appliance/status/assemble.ts'
import { Children } from '../../../appliance/supervisor/children/children.ts'
import { type Settings, settingsFrom } from '../../../appliance/supervisor/settings.ts'
import { TimeKeeper } from '../../../appliance/supervisor/time/time-keeper.ts'
import { seconds } from '../../../appliance/values/duration.ts'
import { ConfiguredRun } from '../../processes/configuration-run.ts'
import { temporaryFolder, until } from '../../processes/supervisor-lab.ts'
import { browser } from './browser.ts'
import { timeServer } from './time-server.ts'

const root = resolve(import.meta.dirname, '../../../build/root')
const hour = 3_600_000

/** The client of the image, with the libraries of the image: this machine's may be older. */
function clientOfTheImage(): readonly [string, ...string[]] {
  const client = join(root, 'usr/bin/ntp-daemon')
  assert.ok(existsSync(client), `${client} is missing: ./build.sh --fast makes it`)
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu')
  return [join(root, 'usr/lib64/ld-linux-x86-64.so.2'), '--library-path', libraries, client]
}

test('the time servers of DHCP set the clock, then those of the configuration', async () => {
  const [runDir, stateDir] = ['/run/diarch', '/tmp/state']
  for (const folder of [`${runDir}/time`, `${runDir}/dhcp`, stateDir]) {
    mkdirSync(folder, { recursive: true })
  }
  writeFileSync('/tmp/passwd', `${readFileSync('/etc/passwd')}time:x:108:108::/:/bin/false\n`)
  execFileSync('mount', ['--bind', '/tmp/passwd', '/etc/passwd'])
  chownSync(`${runDir}/time`, 108, 108)
  const settings: Settings = { ...settingsFrom({ DIARCH_APPLIANCE: '1' }), runDir, stateDir }

  const events: string[] = []
  const lines: string[] = []
  const children = new Children({
    env: process.env,
    controlGroups: null,
    changesUser: true,
    onLine: (_, { text }) => lines.push(text),
    onStateChange: () => undefined,
    onReady: () => undefined,
    onMessage: () => undefined,
    onExit: () => undefined,
  })
  const keeper = new TimeKeeper(settings, null, {
    note: event => events.push(event),
    alarm: () => undefined,
    restart: () => void children.restart('time'),
  })
  const want = (): void => {
    children.want(
      keeper.wanted.map(spec => {
        const [client, ...rest] = spec.command
        assert.equal(client, '/usr/bin/ntp-daemon')
        return { ...spec, command: [...clientOfTheImage(), ...rest] }
      }),
    )
  }
  const status = () => keeper.status(() => '')
  const seen = () => ({ status: status(), lines })
  const setBy = (server: string) =>
    until(`set by ${server}`, seen, ({ status }) => status?.source === server, seconds(60))

  assert.equal(status()?.state, 'free')
  assert.deepEqual(keeper.wanted, [])

  // DHCP names one; what else it says is passed over.
  const before = Date.now()
  await timeServer('127.0.0.8', hour)
  writeFileSync(`${runDir}/dhcp/port1.time`, '127.0.0.8 ";x" \n')
  keeper.take({ zone: 'Europe/Berlin' })
  want()
  assert.deepEqual(status()?.servers, ['127.0.0.8'])
  assert.equal(status()?.serversFrom, 'DHCP')
  await setBy('127.0.0.8')
  const gone = Date.now() - before - hour
  assert.ok(gone > 0 && gone < hour / 2, `${gone} ms: ${lines.join('\n')}`)
  assert.equal(readFileSync(`${runDir}/zone`, 'utf8'), 'Europe/Berlin\n')

  // Who sets the clock may do nothing else.
  const [client] = [...children.roster.children.values()].map(({ state }) => pidOf(state))
  const own = readFileSync(`/proc/${client}/status`, 'utf8')
  assert.match(own, /^Uid:\s+108\s/m)
  assert.match(own, /^CapEff:\s+0000000002000000$/m)
  assert.match(own, /^CapBnd:\s+0000000002000000$/m)

  // The configuration's is asked instead, and sets the clock back too.
  const far = Date.now()
  await timeServer('127.0.0.9', -2 * hour)
  keeper.take({ zone: 'UTC', servers: ['127.0.0.9'] })
  want()
  assert.equal(keeper.isSynchronised, false)
  await setBy('127.0.0.9')
  assert.ok(Date.now() < far - hour, lines.join('\n'))
  assert.deepEqual(events, ['clock-synchronised', 'clock-synchronised'])

  assert.match(lines.join('\n'), /^\S+ +INFO .*: Jumped offset by -\d+/m)

  // Nobody is asked any more.
  keeper.take({ zone: 'UTC', servers: [] })
  want()
  assert.equal(status()?.state, 'free')
  const left = () => [...children.roster.children.keys()]
  await until('the client has gone', left, ({ length }) => length === 0)
  await keeper.close()
})

const step = (milliseconds: number): void => {
  execFileSync('date', ['-s', `@${(Date.now() + milliseconds) / 1000}`])
}

test('a clock that is set moves no trial, no session and no limit of logins', async t => {
  const box = new ConfiguredRun(t, temporaryFolder())
  await box.answers()
  const checks = { quiet: { kind: 'tcp', interval: '1h', timeout: '1s' } }
  await box.apply({ document: { schemaVersion: 2, cluster: { checks } } })
  const [password, role] = ['correct horse', 'admin']
  assert.equal((await box.ask('PUT', 'users/anna', { password, role })).status, 200)

  const wait = seconds(5)
  const begun = performance.now()
  const path = '/cluster/checks/quiet/interval'
  const patch = [{ op: 'replace', path, value: '2h' }] as const
  await box.apply({ patch, confirmWithin: `${wait / 1000}s` })
  step(hour)
  step(-3 * hour)

  const { logIn, session } = browser(box.run.runDir)
  assert.equal((await logIn('192.0.2.1', password)).status, 200)
  const guess = () => logIn('192.0.2.66', 'wrong password')
  for (let free = 0; free < 5; free++) assert.equal((await guess()).status, 401)
  step(1.5 * hour)
  assert.equal(await session(), 200)
  // The wait from then may be over, and each guess brings a longer one.
  const more = [await guess(), await guess(), await guess()]
  const refused = more.find(({ status }) => status === 429)
  assert.ok(refused, 'whoever counts in times of day has forgotten the guesses')
  assert.ok(refused.retryAfter < 60, `${refused.retryAfter} s`)

  const newest = async () => (await box.current()).revision.reason as string
  await until('it has gone back', newest, reason => reason.startsWith('back to'), seconds(60))
  const took = performance.now() - begun
  assert.ok(took >= wait, `after ${took} ms`)
})
