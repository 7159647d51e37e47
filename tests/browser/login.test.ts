import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { inOwnNetwork } from '../processes/own-network.ts'
import { violationsOf } from './axe.ts'
import { Box, configure, logIn, makeInterface, makeUser, password } from './box.ts'

const isAccessible = async (page: Page): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    assert.deepEqual(await violationsOf(page), [], colorScheme)
  }
}

inOwnNetwork(import.meta.filename, () => {
  let box: Box
  before(async () => {
    makeInterface()
    box = await Box.start()
  })
  after(() => box?.close())
  afterEach(() => box?.closePages())

  test('as soon as there is a user, the page before setup becomes the login', async () => {
    const { page } = await box.open()
    await page.getByText('Setup is not finished').waitFor()
    await page.getByText('SHA-256 fingerprint').waitFor()
    await isAccessible(page)
    await makeUser(box.site, 'anna', 'admin')
    await page.getByLabel('Password').waitFor()
    await isAccessible(page)
    await makeUser(box.site, 'victor', 'viewer')
    await configure(box)
  })

  test('a wrong password is said in words, and the right one lets in', async () => {
    const { page, complaints } = await box.open()
    await page.getByLabel('User').fill('anna')
    await page.getByLabel('Password').fill('a guess')
    await page.getByRole('button', { name: 'Log in' }).click()
    const why = page.getByRole('alert').filter({ hasText: 'not right' })
    assert.match((await why.textContent()) ?? '', /^The user or the password is not right\. Try/)
    await logIn(page, 'anna')
    assert.equal(await page.locator('.who span').first().textContent(), 'anna')
    assert.deepEqual(complaints, [])
  })

  test('the keyboard alone logs in and drains a server', async () => {
    const { page } = await box.open()
    await page.getByLabel('User').waitFor()
    // The field of the user has the focus from the beginning.
    await page.keyboard.type('anna')
    await page.keyboard.press('Tab')
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'shop' }).waitFor()
    const pressOn = async (name: string): Promise<void> => {
      for (let count = 0; count < 60; count += 1) {
        await page.keyboard.press('Tab')
        const own = await page.evaluate(() => {
          const { activeElement: element } = document
          return element?.getAttribute('aria-label') ?? element?.textContent
        })
        if (own === name) return page.keyboard.press('Enter')
      }
      assert.fail(`Tab never comes to ${name}`)
    }
    await pressOn('shop')
    await page.getByRole('button', { name: 'Drain web1' }).waitFor()
    await pressOn('Drain web1')
    await page.getByRole('button', { name: 'Take back web1' }).waitFor()
  })

  test('a viewer looks at everything and finds nothing to press', async () => {
    const { page, complaints } = await box.openAs('victor')
    const buttons = async () => (await page.locator('main button').allTextContents()).join()
    for (const [path, heading] of [
      ['#/services/shop', 'shop'],
      ['#/configuration', 'Configuration'],
      ['#/system', 'System'],
    ] as const) {
      await page.goto(box.url + path)
      await page.getByRole('heading', { name: heading }).first().waitFor()
      if (path === '#/configuration') await page.getByRole('rowheader', { name: 'shop' }).waitFor()
      assert.equal(await buttons(), path === '#/system' ? 'Change' : '', path)
    }
    for (const [link, heading] of [
      ['shop', 'shop'],
      ['History', 'History'],
    ] as const) {
      await page.goto(`${box.url}#/configuration`)
      await page.locator('.configuration').getByRole('link', { name: link }).click()
      await page.getByRole('heading', { name: heading }).waitFor()
      assert.equal(await buttons(), '', link)
    }
    assert.equal(
      await page.locator('main :is(input, textarea):not([readonly], [disabled])').count(),
      0,
    )
    await page.goto(`${box.url}#/configuration/json`)
    assert.equal(await page.getByLabel('The document').getAttribute('readonly'), '')
    assert.deepEqual(complaints, [])
  })

  test('who is logged out elsewhere sees the login, and why', async () => {
    const { page } = await box.openAs('victor')
    await box.ask('PUT', 'users/victor', { role: 'viewer', password })
    await page.getByText('Your session has ended').waitFor()
    await logIn(page, 'victor')
  })

  test('a box that is gone is said; after its restart one logs in where one was', async () => {
    const { page } = await box.openAs('anna')
    await page.goto(`${box.url}#/services/shop`)
    await page.getByRole('button', { name: /web1/ }).first().waitFor()
    await box.restart(async () => {
      const said = page.getByRole('alert').filter({ hasText: 'The box does not answer' })
      assert.match((await said.textContent()) ?? '', /is from \d\d:\d\d:\d\d and may be wrong/)
      await page.locator('.connection.lost').waitFor()
    })
    await page.getByText('Your session has ended').waitFor()
    await logIn(page, 'anna')
    await page.getByRole('heading', { name: /^shop/ }).waitFor()
    await page.getByRole('row', { name: /^web1 / }).waitFor()
    assert.match(page.url(), /#\/services\/shop$/)
    await page.locator('.connection.live').waitFor()
  })

  test('logging out ends it', async () => {
    const { page } = await box.openAs('anna')
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.getByLabel('Password').waitFor()
    await page.reload()
    await page.getByLabel('Password').waitFor()
  })
})
