import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { inOwnNetwork } from '../processes/own-network.ts'
import { violationsOf } from './axe.ts'
import { Box, configure, makeInterface, makeUser, screenshots } from './box.ts'

inOwnNetwork(import.meta.filename, () => {
  let box: Box
  let page: Page
  let complaints: string[]
  before(async () => {
    makeInterface()
    box = await Box.start()
    await makeUser(box.site, 'root', 'admin')
    await configure(box)
    ;({ page, complaints } = await box.openAs('root'))
  })
  after(() => box?.close())

  const go = (path: string) => page.goto(`${box.url}#/configuration${path}`)
  const field = (name: string) => page.getByLabel(name, { exact: true })
  const press = (name: string | RegExp) => page.getByRole('button', { name }).click()
  const group = (name: string) => page.getByRole('group', { name, exact: true })
  const cluster = async (...path: string[]): Promise<unknown> => {
    const { document } = await box.ask('GET', 'configuration')
    return ['cluster', ...path].reduce((at, key) => (at as never)?.[key], document as unknown)
  }
  /** For good, and not on trial. */
  const apply = async (): Promise<void> => {
    await press('What would happen?')
    await page.getByRole('checkbox', { name: /On trial/ }).uncheck()
    await press('Apply')
    await page.getByText(/^Revision \d+ is in force\.$/).waitFor()
  }
  const schema = '/configuration-schema.json'

  test('a service with two servers and a check takes a few fields, and stays short', async () => {
    const asked: string[] = []
    page.on('request', request => asked.push(new URL(request.url()).pathname))
    assert.ok(!asked.includes(schema))
    await go('')
    await field('Name of a new service').fill('web')
    await press('Add service')
    await group('Virtual endpoint 1').getByLabel('Address').fill('192.0.2.100')
    await group('Virtual endpoint 1').getByLabel('Port').fill('8080')
    for (const [name, port] of [
      ['server1', '8081'],
      ['server2', '8082'],
    ] as const) {
      await group(`Server ${name}`).getByLabel('Address').fill('127.0.0.1')
      await group(`Server ${name}`).getByLabel('Port').fill(port)
    }
    await press('Add check')
    await group('Check 1').getByLabel('Check').selectOption('tcp')
    await page.screenshot({ path: join(screenshots, 'form-new.png'), fullPage: true })
    await apply()
    assert.deepEqual(await cluster('services', 'web'), {
      virtual: ['192.0.2.100:8080'],
      servers: { server1: '127.0.0.1:8081', server2: '127.0.0.1:8082' },
      checks: ['tcp'],
    })
    assert.equal(asked.filter(path => path === schema).length, 1, 'loaded once, when it is wanted')
    assert.deepEqual(complaints, [])
  })

  test('more is said of a server than fits in short, and less again', async () => {
    await go('/cluster/services/web')
    const server = group('Server server1')
    await server.getByLabel('Weight').fill('3')
    await server.getByText('More settings').click()
    await server.getByLabel('Most connections').fill('100')
    await apply()
    const long = { address: '127.0.0.1', port: 8081, weight: 3, mostConnections: 100 }
    assert.deepEqual(await cluster('services', 'web', 'servers', 'server1'), long)
    await press(/^Remove server2$/)
    await apply()
    assert.deepEqual(await cluster('services', 'web', 'servers'), { server1: long })
  })

  test('what the box refuses stands beside its field, which gets the focus', async () => {
    await go('/cluster/services/shop')
    const weight = group('Server web2').getByLabel('Weight')
    await weight.fill('70000')
    const quorum = page.getByLabel('Quorum')
    await page.locator('.part > form > .more > summary').click()
    await quorum.fill('many')
    await go('/cluster/checks/port')
    await page.getByLabel('Kind').waitFor()
    await press('What would happen?')
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid'))
    const wrong = await page.evaluate(() => {
      const { activeElement: element } = document
      const id = element?.getAttribute('aria-describedby')?.split(' ').at(-1) ?? ''
      return [element?.id, document.getElementById(id)?.textContent]
    })
    assert.deepEqual(wrong, [
      'at:cluster.services.shop.servers.web2.weight',
      'It is 70000: expected a whole number from 0 to 65535',
    ])
    await page.screenshot({ path: join(screenshots, 'form-refused.png'), fullPage: true })
    assert.deepEqual(await violationsOf(page), [])
    await press('Show cluster.services.shop.quorum')
    assert.equal(await quorum.evaluate(each => each === document.activeElement), true)
    await weight.fill('7')
    assert.equal(await weight.getAttribute('aria-invalid'), null)
    await press('Undo')
    assert.equal(await weight.inputValue(), '')
    assert.deepEqual(complaints, [])
  })

  test('a kind brings its fields; a secret is never shown, and is replaced', async () => {
    await go('/cluster/checks')
    await field('Name of a new check').fill('db')
    await press('Add check')
    await page.getByLabel('Interval').fill('7s')
    await page.getByLabel('Kind').selectOption('MySQL')
    assert.equal(await page.getByLabel('Interval').inputValue(), '7s')
    await page.locator('.more > summary').click()
    await page.getByLabel('Login', { exact: true }).selectOption('Login, in detail')
    await page.getByLabel('User').fill('diarch')
    await page.getByLabel('Password').fill('a secret of ours')
    await apply()
    await page.getByLabel('Password').waitFor()
    assert.equal(await page.getByLabel('Password').inputValue(), 'is set')
    assert.ok(!(await page.content()).includes('a secret of ours'))
    await press('Replace Password')
    await page.getByLabel('Password').fill('another one')
    await press('What would happen?')
    const shown = page.getByRole('dialog').getByText('cluster.checks.db.login.password')
    assert.doesNotMatch((await shown.textContent()) ?? '', /another one/)
    await page.keyboard.press('Escape')
    await press('Keep the old one')
    assert.equal(await page.getByLabel('Password').inputValue(), 'is set')
    await press('Undo')
  })

  test('what has another name is followed by what refers to it', async () => {
    await go('/cluster/checks/port')
    await page.getByLabel('Name', { exact: true }).fill('alive')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'alive' }).waitFor()
    await go('/cluster/services/shop')
    assert.equal(await group('Check 1').getByLabel('Check').inputValue(), 'alive')
    // What is not applied outlasts a look at another page.
    await page.goto(`${box.url}#/events`)
    await page.getByRole('heading', { name: 'Events' }).waitFor()
    await go('/cluster/checks')
    await page.getByRole('rowheader', { name: 'alive' }).waitFor()
    await press('Undo')
    await page.getByRole('rowheader', { name: 'port' }).waitFor()
  })

  test('a dialog holds the focus, and gives it back', async () => {
    await go('/cluster/services/shop')
    await page.getByLabel('Scheduler').selectOption('rr')
    await press('What would happen?')
    await page.getByRole('dialog').waitFor()
    assert.deepEqual(await violationsOf(page), [])
    const places = new Set<string | undefined>()
    for (let count = 0; count < 14; count += 1) {
      await page.keyboard.press('Tab')
      places.add(
        await page.evaluate(() => {
          const { activeElement: element } = document
          return element?.closest('dialog, body')?.tagName
        }),
      )
    }
    // Between the last and the first is the browser's own, which is nowhere in the page.
    assert.deepEqual(
      [...places].filter(place => place !== 'BODY'),
      ['DIALOG'],
    )
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.equal(
      await page.evaluate(() => document.activeElement?.textContent),
      'What would happen?',
    )
    await press('Undo')
    assert.deepEqual(complaints, [])
  })
})
