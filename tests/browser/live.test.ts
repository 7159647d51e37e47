import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { Server } from 'node:net'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { inOwnNetwork } from '../processes/own-network.ts'
import { until } from '../processes/supervisor-lab.ts'
import { violationsOf } from './axe.ts'
import { Box, configure, listen, logIn, makeInterface, makeUser, screenshots } from './box.ts'
import { heartbeatsPatch, otherHeartbeats } from './other-heartbeats.ts'
import { otherMaster } from './other-master.ts'

/** A service at two addresses: what a server has at both is told as one. */
const shopTraffic = {
  service: 'shop',
  at: 'tcp 192.0.2.100:80',
  traffic: null,
  servers: [
    { name: 'web1', at: '127.0.0.1:8081', active: 3, inactive: 40 },
    { name: 'web1', at: '127.0.0.1:8081', active: 2, inactive: 0 },
  ],
}

const script = (program: string) => ({ kind: 'script', box: 'other', command: [program] })

/** A channel and a device that work, and one of each that does not. */
const tellersPatch = [
  {
    op: 'add',
    path: '/cluster/alerts',
    value: {
      channels: {
        chat: { kind: 'webhook', url: 'http://127.0.0.1:8090/' },
        log: { kind: 'syslog', server: '127.0.0.1', port: 8091, transport: 'tcp' },
      },
    },
  },
  {
    op: 'add',
    path: '/cluster/fencing',
    value: { devices: { strip: script('/bin/true'), dead: script('/bin/false') } },
  },
]

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
  afterEach(() => box?.closePages())

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

  test('a weight set by a click holds through a drain until it is taken back', async () => {
    const { page, complaints } = await box.openAs('anna')
    await page.goto(`${box.url}#/services/shop`)
    const row = page.getByRole('row', { name: /^web1/ })
    const weigh = row.getByRole('button', { name: 'Weight of web1' })
    const form = row.getByRole('form', { name: 'Weight of web1 for now' })
    const weight = form.getByLabel('Weight for now')
    await weigh.focus()
    await page.keyboard.press('Enter')
    await weight.and(page.locator(':focus')).waitFor()
    await weight.fill('65536')
    await page.keyboard.press('Enter')
    await form.locator('input:invalid').waitFor()
    await weight.fill('7')
    await page.keyboard.press('Enter')
    await row.getByText('7 by operator (configured: ').waitFor()
    await weigh.and(page.locator(':focus')).waitFor()
    await row.getByRole('button', { name: 'Drain' }).click()
    await row.getByText('0: drained by operator').waitFor()
    await row.getByRole('button', { name: 'Take back' }).click()
    await row.getByText('7 by operator (configured: ').waitFor()
    await weigh.click()
    await form.getByText(/^7 by operator since \d\d:/).waitFor()
    assert.equal(await weight.inputValue(), '7')
    assert.deepEqual(await violationsOf(page), [])
    await form.getByRole('button', { name: 'As configured' }).click()
    await row.getByText('by operator').first().waitFor({ state: 'detached' })
    const { override } = await box.ask('GET', 'services/shop/servers/web1/explanation')
    assert.equal(override, null)
    assert.deepEqual(complaints, [])
  })

  test('of a server: the last results of its checks, and its connections', async () => {
    const { page, complaints } = await box.openAs('anna')
    // Not every kernel that runs this has IPVS.
    await page.route('**/api/v1/services/shop/traffic', route =>
      route.fulfill({ json: { services: [shopTraffic] } }),
    )
    await page.goto(`${box.url}#/services/shop`)
    const results = async (server: string) => {
      const row = page.getByRole('row', { name: new RegExp(`^${server}`) })
      await row.getByText(`Last results of ${server}`).click()
      const list = row.getByRole('list', { name: 'Results of port, the newest first' })
      return { row, newest: list.getByRole('listitem').first() }
    }
    const web1 = await results('web1')
    await web1.newest.getByText('passed').waitFor()
    const before = await web1.newest.textContent()
    await web1.newest.filter({ hasNotText: before ?? '' }).waitFor()
    const times = await web1.row
      .locator('time')
      .evaluateAll(all => all.map(each => each.getAttribute('datetime')))
    assert.deepEqual(times, times.toSorted().reverse())
    const web3 = await results('web3')
    const [bars, lines] = await web1.row.evaluate(row =>
      ['.strip .passed', 'time'].map(each => row.querySelectorAll(each).length),
    )
    assert.equal(bars, lines)
    await web3.newest.getByText('refused').first().waitFor()
    await web3.row.getByText('port (tcp): the last 16 failed').waitFor()
    assert.equal(await web3.row.locator('.strip .failed').count(), 16)
    await web1.row.getByText('5 active').waitFor()
    await web1.row.getByText('40 inactive').waitFor()
    await web3.row.getByText('not counted').waitFor()
    assert.deepEqual(await violationsOf(page), [])
    await page.setViewportSize({ width: 390, height: 844 })
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390)
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

  test('each heartbeat path: heard, then silent, or without its device', async t => {
    const { page, complaints } = await box.openAs('anna')
    await page.goto(`${box.url}#/pair`)
    await page.getByRole('heading', { name: 'Handover' }).waitFor()
    const fallSilent = await otherHeartbeats()
    t.after(fallSilent)
    await box.ask('POST', 'configuration/changes', { patch: heartbeatsPatch })
    const heartbeats = page.getByRole('region', { name: 'Heartbeats' })
    await heartbeats.getByText('heard over 1 of 2 paths').waitFor()
    const beside = heartbeats.getByRole('row', { name: /^beside up since .* lo to 127\.0\.0\.2/ })
    await beside.getByText('3 lost').waitFor()
    const cable = heartbeats.getByRole('row', { name: /^cable unknown/ })
    await cable.getByText('/dev/ttyUSB7').waitFor()
    await cable.getByText('serial line, 9600 baud').waitFor()
    await cable.getByText('there is no such device').waitFor()
    assert.deepEqual(await violationsOf(page), [])
    fallSilent()
    await heartbeats.getByText('no path carries heartbeats').waitFor()
    await heartbeats.getByRole('row', { name: /^beside silent since/ }).waitFor()
    await page.setViewportSize({ width: 390, height: 844 })
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390)
    assert.deepEqual(complaints, [])
  })

  test('each alert channel and each fencing device is tried by a button', async t => {
    const got: unknown[] = []
    const hook = createServer((request, response) => {
      request.setEncoding('utf8').on('data', text => got.push(JSON.parse(text)))
      request.on('end', () => response.end())
    })
    await new Promise<void>(resolve => hook.listen(8090, '127.0.0.1', resolve))
    t.after(() => hook.close())
    await makeUser(box.site, 'victor', 'viewer')
    await box.ask('POST', 'configuration/changes', { patch: tellersPatch })
    const { page, complaints } = await box.openAs('anna')
    await page.goto(`${box.url}#/system`)

    const alerts = page.getByRole('region', { name: 'Alerts' })
    const chat = alerts.getByRole('row', { name: /^chat webhook/ })
    await chat.getByRole('button', { name: 'Send a test: chat' }).click()
    await chat.getByText('the test was taken').waitFor()
    assert.ok(
      got.some(alert => (alert as { subject: string }).subject === 'test'),
      JSON.stringify(got),
    )
    const log = alerts.getByRole('row', { name: /^log syslog/ })
    await log.getByRole('button', { name: 'Send a test: log' }).click()
    const refused = log.getByRole('status')
    await refused.getByText(/was not taken: .*ECONNREFUSED.* Look at server, port/).waitFor()
    await log.getByText('failing', { exact: true }).waitFor()
    assert.deepEqual(await violationsOf(page), [])
    await page.screenshot({ path: join(screenshots, 'alerts.png'), fullPage: true })

    await page.goto(`${box.url}#/pair`)
    const fencing = page.getByRole('region', { name: 'Fencing' })
    const strip = fencing.getByRole('row', { name: /^strip script, switches other/ })
    await strip.getByRole('button', { name: 'Dry run: strip' }).click()
    await strip.getByText('the power is on. Nothing was switched.').waitFor()
    const dead = fencing.getByRole('row', { name: /^dead/ })
    await dead.getByRole('button', { name: 'Dry run: dead' }).click()
    await dead.getByText(/did not do it: .*exit code 1.* Look at command and user/).waitFor()
    assert.deepEqual(await violationsOf(page), [])
    await page.screenshot({ path: join(screenshots, 'fencing.png'), fullPage: true })

    // Beside their forms too, and nowhere for who may only look.
    const places = [
      ['system', alerts, 'chat'],
      ['configuration/cluster/alerts', alerts, 'chat'],
      ['configuration/cluster/fencing', fencing, 'strip'],
      ['pair', fencing, 'strip'],
    ] as const
    for (const [user, buttons] of [
      ['anna', 2],
      ['victor', 0],
    ] as const) {
      if (user === 'victor') {
        await page.getByRole('button', { name: 'Log out' }).click()
        await logIn(page, user)
      }
      for (const [path, region, name] of places) {
        await page.goto(`${box.url}#/${path}`)
        await region.getByRole('row', { name: new RegExp(`^${name}`) }).waitFor()
        assert.equal(await region.getByRole('button').count(), buttons, `${user} at ${path}`)
      }
    }
    assert.deepEqual(complaints, [])
  })
})
