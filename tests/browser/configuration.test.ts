import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { inOwnNetwork } from '../processes/own-network.ts'
import { until } from '../processes/supervisor-lab.ts'
import { Box, configure, makeInterface, makeUser, screenshots } from './box.ts'

inOwnNetwork(import.meta.filename, () => {
  let box: Box
  before(async () => {
    makeInterface()
    box = await Box.start()
    await makeUser(box.site, 'root', 'admin')
    await configure(box)
  })
  after(() => box?.close())
  afterEach(() => box?.closePages())

  const open = async () => {
    const opened = await box.openAs('root')
    await opened.page.goto(`${box.url}#/configuration/json`)
    await opened.page.getByLabel('The document').waitFor()
    return opened
  }
  const edit = async (page: Page, from: string | RegExp, to: string): Promise<void> => {
    const field = page.getByLabel('The document')
    const text = await field.inputValue()
    assert.ok(text.match(from), `${from} is in ${text}`)
    await field.fill(text.replace(from, to))
  }
  const plan = (page: Page) => page.getByRole('button', { name: 'What would happen?' }).click()
  const apply = (page: Page) => page.getByRole('button', { name: 'Apply' }).click()
  const scheduler = async (): Promise<unknown> => {
    const { document } = await box.ask('GET', 'configuration')
    // biome-ignore lint/suspicious/noExplicitAny: it is looked at, whatever it is.
    return (document as any).cluster.services.shop.scheduler
  }
  const toScheduler = (name: string) => [/"shop": \{/, `"shop": { "scheduler": "${name}",`] as const

  test('an edit shows what would happen; on trial it goes back by itself', async () => {
    const { page, complaints } = await open()
    await edit(page, ...toScheduler('rr'))
    await plan(page)
    const shown = page.getByRole('dialog', { name: 'Plan' })
    await shown.getByText('cluster.services.shop.scheduler').waitFor()
    assert.equal(await scheduler(), undefined)
    await page.screenshot({ path: join(screenshots, 'plan.png'), fullPage: true })
    await page.getByLabel('Length of the trial').fill('5s')
    await apply(page)
    const trial = page.getByRole('region', { name: 'Trial' })
    assert.match(
      (await trial.textContent()) ?? '',
      /In \d s it goes back to revision \d+ by itself/,
    )
    await page.screenshot({ path: join(screenshots, 'trial.png') })
    assert.equal(await scheduler(), 'rr')
    await trial.waitFor({ state: 'detached' })
    assert.equal(await scheduler(), undefined)
    assert.deepEqual(complaints, [])
  })

  test('what is kept stays, and history leads back', async () => {
    const { page } = await open()
    const before = (await box.status()).configuration?.revision
    await edit(page, ...toScheduler('rr'))
    await plan(page)
    await page.getByLabel('Why (for the history)').fill('round and round')
    await apply(page)
    await page.getByRole('button', { name: 'Keep it' }).click()
    await page.getByRole('region', { name: 'Trial' }).waitFor({ state: 'detached' })
    const { configuration } = await box.status()
    assert.equal(configuration?.trial, null)
    await page.getByRole('link', { name: 'History' }).click()
    await page.getByRole('row', { name: /round and round/ }).waitFor()
    await page
      .getByRole('row', { name: /is kept/ })
      .filter({ hasText: 'in force' })
      .waitFor()
    await page.getByRole('button', { name: `Back to revision ${before}`, exact: true }).click()
    await until('it is as it was', scheduler, seen => seen === undefined)
  })

  test('a wrong document is refused with its places, and stays in the editor', async () => {
    const { page } = await open()
    await edit(page, ...toScheduler('fastest'))
    await plan(page)
    const findings = page.getByRole('alert').filter({ hasText: 'cluster.services.shop.scheduler' })
    assert.match((await findings.textContent()) ?? '', /is "fastest": expected/)
    const marks = page.getByRole('list', { name: 'Findings by line' })
    const text = await page.getByLabel('The document').inputValue()
    const line = text.split('\n').findIndex(each => each.includes('fastest')) + 1
    assert.match((await marks.textContent()) ?? '', new RegExp(`^Line ${line} It is "fastest"`))
    // The cursor is there, so the schema speaks of that place.
    const help = page.getByRole('region', { name: 'What stands at the cursor' })
    await help.getByText('cluster.services.shop.scheduler', { exact: true }).waitFor()
    await page.screenshot({ path: join(screenshots, 'refused.png'), fullPage: true })
    assert.match(await page.getByLabel('The document').inputValue(), /fastest/)
    await page.getByLabel('The document').fill('{ "schemaVersion": 2, }')
    await plan(page)
    await page.getByText('This is not JSON').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    assert.match(await page.getByLabel('The document').inputValue(), /"shop"/)
  })

  test('somebody was faster: it is said, and what is in force can be shown', async () => {
    const { page } = await open()
    await edit(page, ...toScheduler('rr'))
    await box.set('services/shop/scheduler', 'lc')
    await page.getByText('is in force by now').waitFor()
    await plan(page)
    await page
      .getByRole('alert')
      .filter({ hasText: /scheduler/ })
      .waitFor()
    await page.getByRole('button', { name: /^Show it/ }).click()
    await until(
      'the newest is in the editor',
      () => page.getByLabel('The document').inputValue(),
      text => text.includes('"lc"'),
    )
  })

  test('a keepalived.conf comes with findings beside its lines', async () => {
    const patch = [{ op: 'add', path: '/node', value: { hostname: 'lb7' } }]
    await box.ask('POST', 'configuration/changes', { patch })
    const { page, complaints } = await open()
    await page.getByRole('link', { name: 'Import' }).click()
    await page.getByLabel('keepalived.conf', { exact: true }).fill(keepalived)
    await page.getByRole('button', { name: 'What becomes of it?' }).click()
    const lines = page.getByRole('list', { name: 'The file, line by line' }).getByRole('listitem')
    const smtp = lines.filter({ hasText: 'smtp_alert' })
    await smtp.locator('.badge').waitFor()
    assert.equal(await lines.count(), keepalived.trimEnd().split('\n').length)
    await page.screenshot({ path: join(screenshots, 'import.png'), fullPage: true })
    await page.getByRole('button', { name: 'Take it over' }).click()
    await page.getByRole('link', { name: 'As JSON' }).click()
    const taken = JSON.parse(await page.getByLabel('The document').inputValue())
    assert.equal(taken.cluster.routers.VI_7.virtualRouterId, 77)
    assert.deepEqual(Object.keys(taken.cluster.users), ['root'], 'users stay')
    const node = { hostname: 'lb7', routers: { VI_7: { priority: 120 } } }
    assert.deepEqual(taken.node, node, 'what is of this box stays')
    assert.deepEqual(complaints, [])
  })
})

const keepalived = `vrrp_instance VI_7 {
    interface v0
    virtual_router_id 77
    priority 120
    smtp_alert
    virtual_ipaddress {
        192.0.2.77/24
    }
}
`
