import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { chromium } from 'playwright-core'
import { fileOf, makeSlot, openUpgradeBox } from '../processes/upgrade-lab.ts'
import { statusOf, webOfFile } from '../processes/web-process.ts'
import { violationsOf } from './axe.ts'
import { browserArguments, complaintsOf, logIn, screenshots } from './box.ts'

const { web, folders } = await webOfFile()
const box = await openUpgradeBox(folders.run)
after(() => box.doors.close())

test('the page looks at a file, asks what it has to, and shows how far it is', async t => {
  const status = statusOf({ setup: { state: 'finished', why: 'users can log in' } })
  web.tell({ kind: 'status', status })
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: browserArguments,
  })
  t.after(() => browser.close())
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage()
  page.setDefaultTimeout(30_000)
  const complaints = complaintsOf(page)
  await page.goto(`https://127.0.0.1:${web.port}/`)
  await logIn(page, 'ann')
  await page.goto(`https://127.0.0.1:${web.port}/#/system`)
  const upgrade = page.getByRole('region', { name: 'Upgrade' })
  await upgrade.getByText('Version 0.1.0 runs from slot A').waitFor()

  const choose = async (buffer: Buffer): Promise<void> => {
    const name = 'diarch-0.2.0-x86_64.slot'
    const file = { name, mimeType: 'application/octet-stream', buffer }
    await upgrade.getByLabel('File diarch-VERSION').setInputFiles(file)
  }
  await choose(Buffer.alloc(10_000))
  await upgrade.getByText('That is no upgrade').waitFor()
  const write = upgrade.getByRole('button', { name: 'Write version 0.2.0 into slot B' })
  assert.equal(await write.count(), 0)

  await choose(fileOf(makeSlot({ by: 'nobody' })))
  await upgrade.getByText('Version 0.2.0 is not signed').waitFor()
  await upgrade.getByText('An own build is taken at the box itself').waitFor()
  await page.screenshot({ path: join(screenshots, 'upgrade-not-signed.png'), fullPage: true })
  assert.equal(await upgrade.getByRole('button', { name: 'I know where' }).count(), 0)
  await choose(fileOf(makeSlot({ schema: 1 })))
  await upgrade.getByRole('button', { name: 'I want the older software' }).click()
  let go = (): void => {}
  box.hold = new Promise(resolve => {
    go = resolve
  })
  await write.click()
  await upgrade.getByRole('progressbar').waitFor()
  await page.screenshot({ path: join(screenshots, 'upgrade-under-way.png'), fullPage: true })
  go()
  await upgrade.getByText('slot B is whole; the next start tries it').waitFor()
  await upgrade.getByRole('button', { name: 'Restart into version 0.2.0' }).waitFor()
  await page.screenshot({ path: join(screenshots, 'upgrade.png'), fullPage: true })
  assert.deepEqual(await violationsOf(page), [])
  await upgrade.getByRole('button', { name: 'Take it back' }).click()
  await upgrade.getByText('slot B is whole').waitFor({ state: 'detached' })
  assert.equal(box.environment.b, 'empty')
  assert.deepEqual(complaints, [])
})
