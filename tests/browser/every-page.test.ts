import assert from 'node:assert/strict'
import type { Server } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { inOwnNetwork } from '../processes/own-network.ts'
import { violationsOf } from './axe.ts'
import { Box, configure, listen, makeInterface, makeUser, screenshots } from './box.ts'

const looks = [
  { look: 'light', colorScheme: 'light', size: { width: 1280, height: 800 } },
  { look: 'dark', colorScheme: 'dark', size: { width: 1280, height: 800 } },
  { look: 'phone', colorScheme: 'light', size: { width: 390, height: 844 } },
] as const

/** What a look has of its own; names and roles are the same in each. */
const rules = { light: null, dark: ['color-contrast'], phone: ['target-size'] } as const

const pages = [
  ['overview', '#/', 'Virtual routers'],
  ['services', '#/services', 'Services'],
  ['service', '#/services/shop', 'shop'],
  ['traffic', '#/traffic', 'Traffic'],
  ['traffic-service', '#/traffic/shop', 'Traffic of shop'],
  ['pair', '#/pair', 'Handover'],
  ['configuration', '#/configuration', 'Services'],
  ['form', '#/configuration/cluster/services/shop', 'shop'],
  ['json', '#/configuration/json', 'Configuration'],
  ['history', '#/configuration/history', 'History'],
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
    await configure(box)
  })
  after(async () => {
    await box?.close()
    for (const server of servers) server.close()
  })

  /** Under its picture: what is wrong with it. */
  const look = async (page: Page, file: string): Promise<void> => {
    for (const { look, colorScheme, size } of looks) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize(size)
      await page.screenshot({ path: join(screenshots, `${file}-${look}.png`), fullPage: true })
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(wide <= size.width, `${file} is ${wide} pixels wide`)
      assert.deepEqual(await violationsOf(page, rules[look]), [], `${file}, ${look}`)
    }
    assert.equal(await page.locator('h1').count(), 1, `${file} has one h1`)
  }

  test('every page can be read by everybody, light, dark and on a phone', async () => {
    const { page, complaints } = await box.openAs('root')
    const asked: string[] = []
    page.on('request', request => asked.push(request.url()))
    for (const [file, path, heading] of pages) {
      await page.goto(box.url + path)
      await page.getByRole('heading', { name: heading }).first().waitFor()
      await page
        .locator('main .quiet', { hasText: 'Asking the box' })
        .waitFor({ state: 'detached' })
      await look(page, file)
    }
    const others = asked.filter(url => !url.startsWith(box.url) && !url.startsWith('data:'))
    assert.deepEqual(others, [])
    assert.deepEqual(complaints, [])
  })
})
