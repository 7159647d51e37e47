import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import {
  type Browser,
  type BrowserContextOptions,
  type CDPSession,
  chromium,
  type Page,
} from 'playwright-core'
import {
  type Folders,
  makeFolders,
  startWeb,
  statusOf,
  stopWeb,
  type WebProcess,
} from '../processes/web-process.ts'
import { browserArguments, complaintsOf } from './box.ts'
import { textOfLowContrast } from './contrast.ts'

let browser: Browser
let folders: Folders
let web: WebProcess
let beat: NodeJS.Timeout
let status = statusOf()

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: browserArguments,
  })
  folders = await makeFolders()
})
after(async () => {
  await browser?.close()
  folders?.remove()
})
beforeEach(async () => {
  status = statusOf()
  web = await startWeb(folders)
  keepTelling()
})
afterEach(async () => {
  clearInterval(beat)
  web.child.kill('SIGCONT')
  await stopWeb(web)
})

/** As the supervisor does: each second, whether there is news or not. */
function keepTelling() {
  clearInterval(beat)
  const tell = () => {
    status = { ...status, uptimeSeconds: status.uptimeSeconds + 1 }
    if (web.child.connected) web.tell({ kind: 'status', status })
  }
  beat = setInterval(tell, 1000)
  tell()
}

type Opened = {
  readonly page: Page
  readonly complaints: string[]
  readonly devtools: CDPSession
}

async function open(options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options })
  const page = await context.newPage()
  const complaints = complaintsOf(page)
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', event =>
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`),
    ),
  )
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  await page.goto(`https://127.0.0.1:${web.port}/`)
  return { page, complaints, devtools }
}

const textOf = async (page: Page, selector: string): Promise<string> =>
  (await page.locator(selector).textContent()) ?? ''

const word = (page: Page, text: string) =>
  page.locator('.word', { hasText: text }).waitFor({ timeout: 20_000 })

test('the page shows the state of the box, over the certificate that was announced', async () => {
  const { page, complaints, devtools } = await open()
  await word(page, 'Running')
  assert.equal(await page.title(), 'edge-north · Running · Diarch')
  assert.equal(await page.locator('html').getAttribute('lang'), 'en')
  assert.equal(await textOf(page, 'h1'), 'edge-north')
  assert.equal(await textOf(page, '.connection'), 'Live')
  const text = await textOf(page, 'body')
  assert.match(text, /Version0\.1\.0SlotAUp for01:01:0\d/)
  // Nobody answers for the supervisor here: what is shown is what web knows by itself.
  assert.doesNotMatch(text, /Setup|Log in/)
  // What Chromium itself got in the handshake, not what another client gets.
  const origin = `https://127.0.0.1:${web.port}`
  const { tableNames } = await devtools.send('Network.getCertificate', { origin })
  const seen = new X509Certificate(Buffer.from(tableNames[0] ?? '', 'base64'))
  assert.equal(seen.fingerprint256, web.fingerprint)
  assert.deepEqual(complaints, [])
})

test('a change arrives without a reload', async () => {
  const { page, complaints } = await open()
  await word(page, 'Running')
  const alarm = { reason: 'slot-fallback', message: 'a secret', since: '' }
  status = { ...status, health: { state: 'degraded', since: '', why: '' }, alarms: [alarm] }
  await word(page, 'Degraded')
  assert.match(await textOf(page, '.why'), /^1 alarm\. The console of this box/)
  assert.equal(await page.title(), 'edge-north · Degraded · Diarch')
  assert.deepEqual(complaints, [])
})

test('the uptime ticks', async () => {
  const { page } = await open()
  await word(page, 'Running')
  const uptime = () => textOf(page, 'dl div:last-child dd')
  const first = await uptime()
  await page.waitForFunction(
    before => [...document.querySelectorAll('dd')].at(-1)?.textContent !== before,
    first,
    { timeout: 10_000 },
  )
})

test('when the box is gone, the page says so and how old its state is', async () => {
  const { page } = await open()
  await word(page, 'Running')
  web.child.kill('SIGKILL')
  // Sooner than the silence would tell.
  await page.locator('.connection.lost').waitFor({ timeout: 8_000 })
  assert.match(await textOf(page, '.word'), /^Last seen Running$/)
  assert.match(await textOf(page, '.why'), /is from \d\d:\d\d:\d\d, \d+ seconds? old/)
  assert.equal(await page.title(), 'edge-north · no connection · Diarch')
  assert.equal(await page.locator('.state.ok').count(), 0, 'nothing green remains')
})

test('when the box hangs and the connection stands, the page notices the silence', async () => {
  const { page } = await open()
  await word(page, 'Running')
  web.child.kill('SIGSTOP')
  await page.locator('.connection.lost').waitFor({ timeout: 30_000 })
  web.child.kill('SIGCONT')
  await page.locator('.connection.live').waitFor({ timeout: 30_000 })
  await word(page, 'Running')
  assert.equal(await page.locator('.was').count(), 0)
})

test('when only the supervisor hangs, the page notices too', async () => {
  const { page } = await open()
  await word(page, 'Running')
  clearInterval(beat)
  await page.locator('.connection.lost').waitFor({ timeout: 40_000 })
  keepTelling()
  await page.locator('.connection.live').waitFor({ timeout: 30_000 })
})

test('after a restart of the web process the page comes back by itself', async () => {
  const { page } = await open()
  await word(page, 'Running')
  const { port } = web
  web.child.kill('SIGKILL')
  await web.exited
  await page.locator('.connection.lost').waitFor({ timeout: 20_000 })
  web = await startWeb(folders, { port })
  await page.locator('.connection.live').waitFor({ timeout: 20_000 })
})

for (const colorScheme of ['light', 'dark'] as const) {
  for (const health of ['ok', 'degraded', 'starting'] as const) {
    test(`text can be read: ${colorScheme}, ${health}, 360 pixels wide`, async () => {
      status = { ...status, health: { state: health, since: '', why: '' } }
      const { page } = await open({ colorScheme, viewport: { width: 360, height: 740 } })
      await page.locator(`.state.${health}`).waitFor({ timeout: 20_000 })
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(wide <= 360, `the page is ${wide} pixels wide`)
      assert.deepEqual(await page.evaluate(textOfLowContrast), [])
    })
  }
}
