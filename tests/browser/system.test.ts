import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { onBox, visit } from '../processes/access-run.ts'
import { inOwnNetwork } from '../processes/own-network.ts'
import { Box, logIn, makeInterface, makeUser, password, screenshots } from './box.ts'

inOwnNetwork(import.meta.filename, () => {
  let box: Box
  before(async () => {
    makeInterface()
    box = await Box.start()
    await makeUser(box.site, 'root', 'admin')
  })
  after(() => box?.close())
  afterEach(() => box?.closePages())

  const open = async () => {
    const opened = await box.openAs('root')
    await opened.page.goto(`${box.url}#/system`)
    await opened.page.getByRole('heading', { name: 'Users' }).waitFor()
    return opened
  }

  test('users come and go', async () => {
    const { page, complaints } = await open()
    const users = page.getByRole('region', { name: 'Users' })
    await users.getByLabel('Name').fill('ben')
    await users.getByLabel('Password').fill(password)
    await users.getByLabel('Role').selectOption('operator')
    await users.getByRole('button', { name: 'Add' }).click()
    await users.getByRole('row', { name: /^ben operator/ }).waitFor()
    await box.openAs('ben')
    await users.getByRole('button', { name: 'Remove user ben' }).click()
    await users.getByRole('row', { name: /^ben/ }).waitFor({ state: 'detached' })
    assert.equal(await users.getByRole('button', { name: 'Remove user root' }).count(), 0)
    await users.getByLabel('Name').fill('not a name')
    assert.equal(await users.locator('input:invalid[name=name]').count(), 1)
    assert.deepEqual(complaints, [])
  })

  test('the machine, its certificate, a backup and back, and a bundle for others', async () => {
    const { page, complaints } = await open()
    const machine = page.getByRole('region', { name: 'Machine' })
    await machine.getByText(/\d+ cores/).waitFor()
    await machine.getByRole('row', { name: /^v0 .* of the host/ }).waitFor()
    const certificate = page.getByRole('region', { name: 'Certificate and time' })
    await certificate.getByText(', as in this browser').waitFor()
    const kept = page.getByRole('region', { name: 'Backup and support' })
    await kept.getByLabel(/^Passphrase for/).fill('a horse that staples')
    const [backup] = await Promise.all([
      page.waitForEvent('download'),
      kept.getByRole('button', { name: 'Download a backup' }).click(),
    ])
    assert.match(backup.suggestedFilename(), /^diarch-.*\.json$/)
    await kept.getByLabel('Backup', { exact: true }).setInputFiles(await backup.path())
    await kept.getByLabel(/^Its passphrase/).fill('a horse that staples')
    await kept.getByRole('button', { name: 'What would it change?' }).click()
    await kept.getByText('Nothing: it is in force.').waitFor()
    const [bundle] = await Promise.all([
      page.waitForEvent('download'),
      kept.getByRole('link', { name: 'Download a support bundle' }).click(),
    ])
    assert.match(bundle.suggestedFilename(), /^diarch-support-.*\.tar\.gz$/)
    const begin = readFileSync(await bundle.path()).subarray(0, 2)
    assert.deepEqual([...begin], [0x1f, 0x8b], 'gzip')
    await page.screenshot({ path: join(screenshots, 'system-whole.png'), fullPage: true })
    assert.deepEqual(complaints, [])
  })

  test('a token is shown once, works, and goes', async () => {
    const { page } = await open()
    const tokens = page.getByRole('region', { name: 'Tokens' })
    await tokens.getByLabel('Name').fill('grafana')
    await tokens.getByRole('button', { name: 'Make a token' }).click()
    const secret = (await tokens.locator('code').textContent()) ?? ''
    const look = () =>
      visit(box.site, 'GET', '/api/v1/status', { headers: { authorization: `Bearer ${secret}` } })
    assert.equal((await look()).status, 200)
    await page.screenshot({ path: join(screenshots, 'token.png'), fullPage: true })
    await tokens.getByRole('button', { name: 'I have it' }).click()
    assert.equal(await tokens.locator('code').count(), 0)
    await tokens.getByRole('button', { name: 'Remove token grafana' }).click()
    await tokens.getByText('There are none.').waitFor()
    assert.equal((await look()).status, 401)
  })

  test('the log of a process and the record of what was done can be read', async () => {
    const { page } = await open()
    await page.getByLabel('Log of').selectOption('web')
    await page.locator('pre').waitFor()
    const { body } = await onBox(box.site, 'GET', '/api/v1/processes/web/log')
    const [first] = body.lines as { text: string }[]
    assert.ok(
      (await page.locator('pre').textContent())?.includes(first?.text ?? 'has written nothing'),
    )
    await page.getByRole('button', { name: 'Read the record' }).click()
    await page.getByRole('row', { name: /root, on the box setUser root done/ }).waitFor()
  })

  test('the own password is changed, and the page goes on', async () => {
    const { page, complaints } = await open()
    const own = page.getByRole('region', { name: 'Your password' })
    const change = async (old: string) => {
      await own.getByLabel('Old').fill(old)
      await own.getByLabel('New').fill('another horse')
      await own.getByRole('button', { name: 'Change' }).click()
    }
    await change('a guess')
    await own.getByText('is not right').waitFor()
    await change(password)
    await own.getByText('It is changed.').waitFor()
    // With the token of the new session.
    const users = page.getByRole('region', { name: 'Users' })
    await users.getByLabel('Name').fill('eve')
    await users.getByLabel('Password').fill(password)
    await users.getByRole('button', { name: 'Add' }).click()
    await users.getByRole('row', { name: /^eve viewer/ }).waitFor()
    const { page: other } = await box.open()
    await logIn(other, 'root', 'another horse')
    assert.deepEqual(complaints, [])
  })
})
