/**
 * `npm run bench:ui -- [--json FILE] [--runs N]`: the page in Chromium before a box with 1,000
 * services of 10 servers: how long until the services are seen, until a change of one of them is,
 * and how much memory it holds. It needs a machine that does nothing else.
 */
import type { TestContext } from 'node:test'
import { chromium, type Page } from 'playwright-core'
import { hashPassword } from '../../appliance/linux/password.ts'
import { browserArguments, logIn, password } from '../browser/box.ts'
import { commandLine, json as jsonFile, number } from '../lab/command-line.ts'
import { openLargeBox } from '../processes/large-box.ts'
import { makeFolders, startWeb, stopWeb } from '../processes/web-process.ts'
import { attempt, measured, print, writeJson } from './report.ts'

const { json, runs } = commandLine({
  name: 'bench:ui',
  about:
    'The page in Chromium before a box with 1,000 services of 10 servers: how soon it shows\n' +
    'them, and a change. It needs root, chromium, and a machine that does nothing else.',
  options: { json: jsonFile, runs: number(1, 5, 'how often each is done') },
})

const bars = {
  first: { name: 'first paint of 1,000 services x 10', unit: 'ms', bar: 2000 },
  update: { name: 'update of a changed row', unit: 'ms', bar: 300 },
  heap: { name: 'heap of the largest page', unit: 'MB', bar: 100 },
} as const

const ends: (() => unknown)[] = []
const t = { after: (end: () => unknown) => ends.push(end) } as unknown as TestContext
const folders = await makeFolders()
ends.push(folders.remove)
const box = await openLargeBox(t, 1000, 10)
box.doors.configure({
  users: { anna: { role: 'admin', password: await hashPassword(password) } },
  tokens: {},
})
const web = await startWeb({ ...folders, run: box.runDir })
ends.push(() => stopWeb(web))
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: browserArguments,
})
ends.push(() => browser.close())
const url = `https://127.0.0.1:${web.port}/`

const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage()
await page.goto(url)
await logIn(page, 'anna')

const cases = [
  await attempt(bars.first, async () => measured(bars.first, await many(firstPaint))),
  await attempt(bars.update, async () => measured(bars.update, await many(update))),
  await attempt(bars.heap, async () => measured(bars.heap, [await largestHeap()])),
]
print(cases)
if (json !== null) writeJson(json, cases)
process.exitCode = cases.every(({ pass }) => pass) ? 0 : 1
for (const end of ends.reverse()) await end()

async function many(measure: (run: number) => Promise<number>): Promise<readonly number[]> {
  const samples: number[] = []
  for (let run = 0; run < runs; run += 1) samples.push(await measure(run))
  return samples
}

/** A page that nobody has opened before, whose session stands; until rows are on the screen. */
async function firstPaint(): Promise<number> {
  const fresh = await page.context().newPage()
  const began = performance.now()
  await fresh.goto(`${url}#/services`)
  await fresh.locator('tbody tr').first().waitFor()
  await fresh.evaluate(() => new Promise(requestAnimationFrame))
  const took = performance.now() - began
  await fresh.close()
  return took
}

/** From the word of the director to the frame that shows it. */
async function update(run: number): Promise<number> {
  await page.goto(`${url}#/services`)
  await page.locator('h1', { hasText: 'Services' }).waitFor()
  const seen = page.evaluate(shownAt, 'shop-7')
  // It has to watch before anything happens.
  await page.evaluate(() => new Promise(requestAnimationFrame))
  const at = Date.now()
  box.change('shop-7', service => ({ ...service, state: run % 2 === 0 ? 'down' : 'up' }))
  return (await seen) - at
}

/** Runs in the page: when the row has changed, and a frame has shown it. */
function shownAt(name: string): Promise<number> {
  const row = [...document.querySelectorAll('tbody tr')].find(each =>
    each.querySelector('th')?.textContent?.startsWith(name),
  )
  if (row === undefined) throw new Error(`there is no row ${name}`)
  return new Promise(resolve => {
    const options = { subtree: true, childList: true, characterData: true, attributes: true }
    new MutationObserver(() => requestAnimationFrame(() => resolve(Date.now()))).observe(
      row,
      options,
    )
  })
}

async function largestHeap(): Promise<number> {
  const sizes: number[] = []
  const pages = { '#/': 'Overview', '#/services': 'Services', '#/services/shop-7': 'shop-7' }
  for (const [path, heading] of Object.entries(pages)) {
    await page.goto(url + path)
    await page.locator('h1', { hasText: heading }).waitFor()
    sizes.push(await heapOf(page))
  }
  return Math.max(...sizes)
}

async function heapOf(shown: Page): Promise<number> {
  const devtools = await shown.context().newCDPSession(shown)
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  await devtools.detach()
  return usedSize / 1e6
}
