import assert from 'node:assert/strict'
import type { Server } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { inOwnNetwork } from '../processes/own-network.ts'
import { until } from '../processes/supervisor-lab.ts'
import { Box, configure, listen, makeInterface, makeUser, screenshots } from './box.ts'
import { textOfLowContrast } from './contrast.ts'

const looks = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
} as const

const pages = [
  ['overview', '#/', 'Virtual routers'],
  ['services', '#/services', 'Services'],
  ['service', '#/services/shop', 'shop'],
  ['traffic', '#/traffic', 'Traffic'],
  ['configuration', '#/configuration', 'History'],
  ['events', '#/events', 'Events'],
  ['system', '#/system', 'Users'],
  ['nothing', '#/none', 'There is no such page'],
] as const

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
    const abouts = await page.locator('.timeline b').allTextContents()
    assert.deepEqual([...new Set(abouts)], ['VI_1'])
    const lines = await page.locator('.timeline span').allTextContents()
    assert.ok(
      lines.every(line => line.includes('master')),
      lines.join('\n'),
    )
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download these' }).click()
    assert.equal((await download).suggestedFilename(), 'diarch-events.json')
  })

  for (const [look, options] of Object.entries(looks)) {
    test(`every page can be read and asks nothing of others: ${look}`, async () => {
      const { page, complaints } = await box.openAs('root', options)
      const asked: string[] = []
      page.on('request', request => asked.push(request.url()))
      for (const [file, path, heading] of pages) {
        await page.goto(box.url + path)
        await page.getByRole('heading', { name: heading }).first().waitFor()
        await page
          .locator('main .quiet', { hasText: 'Asking the box' })
          .waitFor({ state: 'detached' })
        await page.screenshot({ path: join(screenshots, `${file}-${look}.png`), fullPage: true })
        const wide = await page.evaluate(() => document.documentElement.scrollWidth)
        assert.ok(wide <= options.viewport.width, `${file} is ${wide} pixels wide`)
        assert.deepEqual(await page.evaluate(textOfLowContrast), [], file)
        assert.deepEqual(await page.evaluate(withoutName), [], file)
        assert.equal(await page.locator('h1').count(), 1, `${file} has one h1`)
      }
      const others = asked.filter(url => !url.startsWith(box.url) && !url.startsWith('data:'))
      assert.deepEqual(others, [])
      assert.deepEqual(complaints, [])
    })
  }
})

/** Runs in the page: what can be operated and has no name for a screen reader. */
function withoutName(): string[] {
  return [...document.querySelectorAll('button, a, input, select, textarea')]
    .filter(element => {
      const { labels } = element as HTMLInputElement
      const own = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? ''
      const isHidden = element.getAttribute('aria-hidden') !== null
      return own === '' && (labels?.length ?? 0) === 0 && !isHidden
    })
    .map(element => element.outerHTML)
}
