import assert from 'node:assert/strict'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, test } from 'node:test'
import { chromium } from 'playwright-core'
import type { Pair } from '../../appliance/supervisor/pair/pair.ts'
import type { KnownBox } from '../../appliance/supervisor/pair/record.ts'
import { ByteSource } from '../../appliance/supervisor/upgrade/byte-source.ts'
import { fileOf, makeSlot, openUpgradeBox } from '../processes/upgrade-lab.ts'
import { statusOf, webOfFile } from '../processes/web-process.ts'
import { violationsOf } from './axe.ts'
import { browserArguments, complaintsOf, logIn, screenshots } from './box.ts'

/** The other box, which runs version 0.2.0; how it gives that over is no matter of the page. */
const peer: KnownBox = {
  ...{ name: 'lb2', address: '192.0.2.2', port: 4343, fingerprint: '', version: '0.2.0' },
  ...{ next: null, keySince: null, agreed: { hash: '', count: 1 } },
}
const given = fileOf(makeSlot())
const image = {
  open: async () => ({
    ...{ kind: 'image' as const, from: peer, bytes: given.length, end: () => {} },
    content: new ByteSource(Readable.from([given])),
  }),
}

const { web, folders } = await webOfFile()
const box = await openUpgradeBox(folders.run, { pair: { image } as unknown as Pair })
after(() => box.doors.close())

test('the page looks at a file, asks what it has to, and shows how far it is', async t => {
  const status = statusOf({ setup: { state: 'finished', since: '', why: 'users can log in' } })
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

  const { name, address, fingerprint, keySince, version } = peer
  const known = { name, address, fingerprint, keySince, version, heardAt: null, report: null }
  box.also = { pair: { ...status.pair, state: 'in-sync', why: 'lb2 has the same', peer: known } }
  box.site.onChange()
  await upgrade.getByRole('button', { name: 'Ask lb2 for its software' }).waitFor()
  await page.getByRole('link', { name: 'Pair', exact: true }).click()
  await page.getByText('lb2 runs version 0.2.0, this box 0.1.0.').waitFor()
  await page.screenshot({ path: join(screenshots, 'pair-versions.png'), fullPage: true })
  assert.deepEqual(await violationsOf(page), [])
  await page.getByRole('link', { name: 'System can take the software of lb2' }).click()
  await upgrade.getByRole('button', { name: 'Ask lb2 for its software' }).click()
  await upgrade.getByText('lb2 runs version 0.2.0 (abc), and this box 0.1.0').waitFor()
  await upgrade.getByRole('button', { name: 'Write that of lb2 into slot B' }).click()
  await upgrade.getByText('slot B is whole; the next start tries it').waitFor()
  assert.match(box.events.join('\n'), /writes version 0\.2\.0 \(abc\) into slot B, from lb2/)
  assert.deepEqual(complaints, [])
})
