import assert from 'node:assert/strict'
import type { Server } from 'node:net'
import { after, before, test } from 'node:test'
import { inOwnNetwork } from '../processes/own-network.ts'
import { until } from '../processes/supervisor-lab.ts'
import { Box, configure, listen, makeInterface, makeUser } from './box.ts'
import { otherMaster } from './other-master.ts'

inOwnNetwork(import.meta.filename, () => {
  let box: Box
  const servers: Server[] = []
  before(async () => {
    makeInterface()
    for (const port of [8081, 8082]) servers.push(await listen(port))
    box = await Box.start()
    await makeUser(box.site, 'root', 'admin')
    await makeUser(box.site, 'anna', 'operator')
    await configure(box)
  })
  after(async () => {
    await box?.close()
    for (const server of servers) server.close()
  })

  test('the overview follows routers and services without a reload', async () => {
    const { page, complaints } = await box.openAs('anna')
    const router = page.getByRole('row', { name: /^VI_1/ })
    await router.getByText('MASTER', { exact: true }).waitFor()
    const held = page.getByRole('region', { name: 'Who holds which address' })
    await held.getByText('192.0.2.100/24').waitFor()
    const mail = page.getByRole('row', { name: /^mail/ })
    await mail.getByText('2 of 2').waitFor()
    await box.ask('PUT', 'services/mail/servers/mx2/override', { state: 'disabled' })
    await mail.getByText('1 of 2').waitFor()
    await box.ask('DELETE', 'services/mail/servers/mx2/override')
    await mail.getByText('2 of 2').waitFor()
    await box.ask('PUT', 'maintenance')
    await page.getByText('This box is out of service since').waitFor()
    await held.getByText('Holds no virtual address').waitFor()
    await box.ask('DELETE', 'maintenance')
    await router.getByText('MASTER', { exact: true }).waitFor()
    assert.deepEqual(complaints, [])
  })

  test('a handover that nobody takes: the receipt says so', async () => {
    const { page, complaints } = await box.openAs('anna')
    await page.goto(`${box.url}#/pair`)
    const handover = page.getByRole('region', { name: 'Handover' })
    await handover.getByRole('button', { name: 'Hand over' }).click()
    await handover.getByRole('button', { name: 'Give VI_1 to whoever takes over' }).click()
    await handover.getByText('nobody took VI_1: this box is master again').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Show a pairing code' }).count(), 0)
    assert.deepEqual(complaints, [])
  })

  test('a click drains a server and takes it back', async () => {
    const { page, complaints } = await box.openAs('anna')
    await page.getByRole('link', { name: 'shop' }).click()
    const row = page.getByRole('row', { name: /^web1/ })
    const isDrained = (wanted: boolean) =>
      until(
        `web1 is ${wanted ? '' : 'not '}drained`,
        () => box.ask('GET', 'services/shop/servers/web1/explanation'),
        ({ state }) => (state === 'drained') === wanted,
      )
    await row.getByRole('button', { name: 'Drain' }).click()
    await row.locator('.badge', { hasText: 'drained' }).waitFor()
    await isDrained(true)
    await row.getByRole('button', { name: 'Take back' }).click()
    await row.locator('.badge.good').first().waitFor()
    await isDrained(false)
    assert.deepEqual(complaints, [])
  })

  test('the filters find what they are asked for', async () => {
    const { page } = await box.openAs('anna')
    await page.goto(`${box.url}#/services`)
    await page.getByLabel('Find').fill('mx2')
    await page.getByText('1 of 2', { exact: true }).waitFor()
    assert.equal(await page.getByRole('rowheader').allTextContents().then(String), 'mail')
    await page.goto(`${box.url}#/events`)
    await page.getByLabel('Find').fill('vi_1 master')
    await page.getByText('no master was heard').first().waitFor()
    const lines = await page.locator('.timeline li').allTextContents()
    assert.ok(
      lines.every(line => line.includes('VI_1') && line.includes('master')),
      lines.join('\n'),
    )
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download these' }).click()
    assert.equal((await download).suggestedFilename(), 'diarch-events.json')
  })

  test('another box takes over and gives back while the page is open: it follows', async () => {
    const { page, complaints } = await box.openAs('anna')
    const router = page.getByRole('row', { name: /^VI_1/ })
    const held = page.getByRole('region', { name: 'Who holds which address' })
    await router.getByText('MASTER', { exact: true }).waitFor()
    const sayGoodBye = await otherMaster()
    await router.getByText('BACKUP', { exact: true }).waitFor()
    await router.getByText('hears 192.0.2.2 with priority 200').waitFor()
    await held.getByText('Holds no virtual address').waitFor()
    await sayGoodBye()
    await router.getByText('MASTER', { exact: true }).waitFor()
    await router.getByText('hears 192.0.2.2').waitFor({ state: 'detached' })
    // Chromium may lose its connection when an address goes, and makes another one.
    await page.locator('.connection.live').waitFor()
    assert.deepEqual(complaints, [])
  })
})
