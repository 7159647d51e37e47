import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { connect } from 'node:tls'
import { makeCertificate } from '../../appliance/linux/certificate.ts'
import {
  ask,
  type Folders,
  makeFolders,
  startWeb,
  stopWeb,
  type WebProcess,
} from './web-process.ts'

let folders: Folders
let path: string
before(async () => {
  folders = await makeFolders()
  path = join(folders.state, 'web/identity.pem')
})
beforeEach(() => rmSync(folders.state, { recursive: true, force: true }))
after(() => folders?.remove())

/** Starts, looks at the certificate that is really shown, stops. */
async function oneRun(options: { readonly uid?: number } = {}) {
  const web = await startWeb(folders, options)
  const shown = await shownFingerprint(web)
  assert.equal((await ask(web, '/health')).body, 'ok')
  await stopWeb(web)
  assert.equal(web.fingerprint, shown)
  assert.match(shown, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
  return { fingerprint: shown, stderr: web.stderr() }
}

const shownFingerprint = (web: WebProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { port: web.port, host: '127.0.0.1', rejectUnauthorized: false }
    const socket = connect(options, () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? 'none')
      socket.destroy()
    })
    socket.on('error', reject)
  })

test('the certificate is made once, kept for the owner alone, and shown again', async () => {
  const first = await oneRun()
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(join(folders.state, 'web')), ['identity.pem'])
  const second = await oneRun()
  assert.equal(second.fingerprint, first.fingerprint)
  assert.match(first.stderr, /made a new key and certificate/)
  assert.equal(second.stderr, '')
})

test('it is valid from the build on, whatever the clock says', async () => {
  await oneRun()
  const certificate = new X509Certificate(readFileSync(path))
  assert.equal(certificate.validFromDate.getTime(), 1_760_000_000_000)
  assert.equal(certificate.validTo, 'Dec 31 23:59:59 9999 GMT')
})

test('a temporary file left by a power cut is no obstacle', async () => {
  mkdirSync(join(folders.state, 'web'), { recursive: true })
  writeFileSync(`${path}.new`, 'half a ke')
  const first = await oneRun()
  assert.deepEqual(readdirSync(join(folders.state, 'web')), ['identity.pem'])
  assert.equal((await oneRun()).fingerprint, first.fingerprint)
})

const whole = makeCertificate('other', new Date(0))
const damages = {
  empty: '',
  garbage: '\0\x01garbage'.repeat(100),
  'cut off': whole.slice(0, -200),
  'certificate without key': whole.slice(whole.indexOf('-----BEGIN CERTIFICATE')),
  "another's key": makeCertificate('a', new Date(0)).replace(
    /-----BEGIN CERTIFICATE.*/s,
    whole.slice(whole.indexOf('-----BEGIN CERTIFICATE')),
  ),
}
for (const [name, content] of Object.entries(damages)) {
  test(`a damaged file is set aside and made anew: ${name}`, async () => {
    mkdirSync(join(folders.state, 'web'), { recursive: true })
    writeFileSync(path, content)
    const first = await oneRun()
    assert.match(
      first.stderr,
      /identity\.pem is damaged \(.+\): set aside as identity\.pem\.broken/,
    )
    assert.equal(readFileSync(`${path}.broken`, 'utf8'), content)
    const second = await oneRun()
    assert.equal(second.fingerprint, first.fingerprint)
    assert.equal(second.stderr, '')
  })
}

// Root may write everywhere, so the process runs as nobody then.
const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {}

test('a folder that cannot be written gives a certificate for this run only', async () => {
  mkdirSync(folders.state)
  chmodSync(folders.state, 0o555)
  const first = await oneRun(nobody)
  const second = await oneRun(nobody)
  chmodSync(folders.state, 0o755)
  assert.ok(!existsSync(path))
  assert.notEqual(first.fingerprint, second.fingerprint)
  assert.match(first.stderr, /identity\.pem cannot be written \(EACCES.*is for this run/)
})

test('a key of somebody else is left alone', async () => {
  mkdirSync(join(folders.state, 'web'), { recursive: true })
  writeFileSync(path, whole)
  chmodSync(path, 0)
  const { stderr } = await oneRun(nobody)
  assert.match(stderr, /identity\.pem cannot be read \(EACCES.*is for this run/)
  chmodSync(path, 0o600)
  assert.equal(readFileSync(path, 'utf8'), whole)
})
