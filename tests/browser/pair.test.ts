import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { HandoverReceipt } from '../../appliance/status/pair-status.ts'
import { bundlePage } from '../../rootfs/bundle.ts'
import { type Diarch, storedDiarch } from '../lab/namespaces/diarch.ts'
import type { Host } from '../lab/namespaces/host.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { config, router } from '../net/vrrp-network.ts'
import { tree, until } from '../processes/supervisor-lab.ts'
import { violationsOf } from './axe.ts'
import { browserArguments, complaintsOf, logIn, password, screenshots } from './box.ts'

/** Chromium on a host of the lab. */
async function browserOn(t: TestContext, host: Host): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), 'diarch-browser-'))
  const program = join(folder, 'chromium')
  const own = process.env.CHROMIUM ?? '/usr/bin/chromium'
  const line = `exec nsenter --target ${host.pid} --net -- ${own} "$@"`
  writeFileSync(program, `#!/bin/sh\n${line}\n`, { mode: 0o755 })
  const browser = await chromium.launch({ executablePath: program, args: browserArguments })
  t.after(async () => {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return browser
}

async function pairPage(browser: Browser, box: Diarch, address: string) {
  const { web } = await box.status()
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const complaints = complaintsOf(page)
  await page.goto(`https://${address}:${web?.port}/#/pair`)
  await logIn(page, 'root')
  return { page, complaints }
}

/** What the page says of the pair, in the list of facts of the other box. */
const says = (page: Page, state: string) =>
  page.locator('.facts dd', { hasText: new RegExp(`^${state}: `) }).waitFor()

const isAccessible = async (page: Page, what: string): Promise<void> =>
  assert.deepEqual(await violationsOf(page), [], what)

const look = async (page: Page, file: string): Promise<void> => {
  const looks = [
    ['light', 'light', 1280],
    ['dark', 'dark', 1280],
    ['phone', 'light', 390],
  ] as const
  for (const [name, colorScheme, width] of looks) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 800 })
    await page.screenshot({ path: join(screenshots, `${file}-${name}.png`), fullPage: true })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(wide <= width, `${file} is ${wide} pixels wide`)
  }
  await isAccessible(page, file)
  await page.setViewportSize({ width: 1280, height: 800 })
}

const addAddress = (box: Diarch, address: string) =>
  box.change({
    patch: [{ op: 'add', path: '/cluster/routers/V1/virtualAddresses/-', value: address }],
  })

test('pages of two boxes: a code, in sync, a handover, a conflict, and the end', async t => {
  await bundlePage(join(tree, 'build/lib'))
  mkdirSync(screenshots, { recursive: true })
  const lab = await openLab(t)
  const lan = await lab.switch('lan')
  const [one, two, desk] = [await lab.host('one'), await lab.host('two'), await lab.host('desk')]
  const plug = (host: Host, n: number) =>
    host.plug(lan, { name: 'eth0', address: `192.0.2.${n}/24` })
  const links = [await plug(one, 1), await plug(two, 2)]
  await plug(desk, 9)
  /** Neither of the two hears the other one; whoever looks at them hears both. */
  const apart = async (is: 'on' | 'off'): Promise<void> => {
    for (const { port } of links) {
      await lab.ground.must('bridge', ['link', 'set', 'dev', port, 'isolated', is])
    }
  }
  const [first, second, browser] = await Promise.all([
    storedDiarch(one),
    storedDiarch(two),
    browserOn(t, desk),
  ])
  await first.change({ document: config({ V1: router(100, { advertInterval: '500ms' }) }) })
  const made = await first.ask('PUT', '/api/v1/users/root', { role: 'admin', password })
  assert.equal(made.status, 200, JSON.stringify(made.body))
  await first.untilRouter('V1', 'MASTER')

  const { page: here, complaints } = await pairPage(browser, first, '192.0.2.1')
  const pairing = here.getByRole('region', { name: 'Pairing code' })
  await pairing.getByRole('heading', { name: 'Let another box join' }).waitFor()
  await pairing.getByRole('button', { name: 'Show a pairing code' }).click()
  const code = (await pairing.locator('code').textContent()) ?? ''
  assert.match(code, /^\d{4}-\d{4}$/)
  const left = (await pairing.getByText(/within (10|9):\d\d min/).textContent()) ?? ''
  await pairing.getByText('Type it on the other box').filter({ hasNotText: left }).waitFor()
  await look(here, 'pair-code')
  await second.join('192.0.2.1', code, 'V1=eth0')
  await says(here, 'in-sync')
  await pairing.getByRole('heading', { name: 'Replace the other box' }).waitFor()
  assert.equal(await pairing.locator('code').count(), 0, 'a code that was used is shown no more')

  // The users came with the configuration.
  const { page: there, complaints: othersComplaints } = await pairPage(browser, second, '192.0.2.2')
  await says(there, 'in-sync')
  /** `MASTER BACKUP`: what it is on the box of the page, and on the other one. */
  const roles = (page: Page, states: string) =>
    page.getByRole('row', { name: new RegExp(`^V1 ${states}`) }).waitFor()
  await roles(here, 'MASTER BACKUP')
  await roles(there, 'BACKUP MASTER')
  const handover = here.getByRole('region', { name: 'Handover' })
  await handover.getByRole('button', { name: 'Hand over' }).click()
  await handover.getByRole('button', { name: 'Give V1 to two' }).click()
  // Both pages were open all the time.
  await roles(here, 'BACKUP MASTER')
  await roles(there, 'MASTER BACKUP')
  const figure = await handover.locator('.figure').first().textContent()
  const { handover: receipt } = (await first.status()).pair as { handover: HandoverReceipt }
  assert.match(figure ?? '', new RegExp(`^${Math.round(receipt.gap?.ms ?? -1)} ms ± \\d+ ms$`))
  await handover.getByText(receipt.text).waitFor()
  await look(here, 'pair-in-sync')

  await apart('on')
  await Promise.all([says(here, 'alone'), says(there, 'alone')])
  await addAddress(first, '192.0.2.101/24')
  await addAddress(second, '192.0.2.102/24')
  await here.getByText('1 change waits').first().waitFor()
  await here.getByText('What it holds is not known').waitFor()
  await apart('off')
  await Promise.all([says(here, 'conflict'), says(there, 'conflict')])
  const conflict = here.getByRole('region', { name: 'Conflict' })
  const where = /^cluster\.routers\.V1\.virtualAddresses/
  await conflict.getByRole('row', { name: where }).first().waitFor()
  const table = (await conflict.getByRole('row', { name: where }).allTextContents()).join()
  assert.match(table, /"192\.0\.2\.101\/24"/)
  assert.match(table, /"192\.0\.2\.102\/24"/)
  await look(here, 'pair-conflict')
  await conflict.getByRole('button', { name: 'Keep what two has' }).click()
  await conflict.getByRole('button', { name: 'Not now' }).click()
  await conflict.getByRole('button', { name: 'Keep what this box has' }).click()
  await conflict.getByRole('button', { name: 'Overwrite two' }).click()
  await Promise.all([says(here, 'in-sync'), says(there, 'in-sync')])
  await conflict.waitFor({ state: 'detached' })
  await until(
    'box two has what was kept',
    () => second.router('V1'),
    ({ addresses }) =>
      addresses.map(({ address }) => address).join() === '192.0.2.100/24,192.0.2.101/24',
    60_000,
  )

  // What was overwritten is not lost.
  const history = '/api/v1/configuration/revisions'
  const { revisions } = (await second.ask('GET', history)).body as {
    revisions: readonly { number: number }[]
  }
  const kept = await Promise.all(
    revisions.map(({ number }) => second.ask('GET', `${history}/${number}`)),
  )
  assert.ok(kept.some(({ body }) => JSON.stringify(body).includes('192.0.2.102/24')))

  await here.getByRole('button', { name: 'Unpair the two boxes' }).click()
  await isAccessible(here, 'the end of the pair')
  await here.getByRole('button', { name: 'Unpair from two' }).click()
  for (const page of [here, there]) {
    await page.getByRole('heading', { name: 'Let another box join' }).waitFor()
  }
  assert.deepEqual([complaints, othersComplaints], [[], []])
})
