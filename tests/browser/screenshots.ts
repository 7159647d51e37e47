/**
 * `node tests/browser/screenshots.ts`, as root: the pictures of the README, docs/images/*.png. The
 * demo runs with the newest image in dist/ (DIARCH_IMAGE names another); what is shown is a pair
 * that serves.
 */

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'
import { newestImage } from '../../image/run/newest-image.ts'
import { tree } from '../processes/supervisor-lab.ts'
import { browserArguments, logIn } from './box.ts'

const folder = join(tree, 'docs/images')
const demo = join(tree, 'image/run.ts')
const pictureOf = (name: string): string => join(folder, `${name}.png`)
const largest = 150_000

mkdirSync(folder, { recursive: true })
const image = process.env.DIARCH_IMAGE ?? newestImage()
const running = spawn(process.execPath, [demo, '--image', image], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const ended = once(running, 'close')
try {
  const password = await passwordOf()
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: browserArguments,
  })
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 1200, height: 800 },
  })
  const page = await context.newPage()
  page.setDefaultTimeout(120_000)
  await page.goto('https://127.0.0.1:8443/')
  await logIn(page, 'admin', password)
  await page
    .getByText(/in[- ]sync/i)
    .first()
    .waitFor()
  await page.getByText('2 of 2').first().waitFor()
  await page.screenshot({ path: pictureOf('overview') })
  execFileSync(process.execPath, [demo, 'screenshot', '1', pictureOf('console')])
  await browser.close()
} finally {
  running.kill('SIGINT')
  await ended
}
for (const name of ['console', 'overview']) {
  const { size } = statSync(pictureOf(name))
  console.log(`docs/images/${name}.png: ${size} bytes`)
  if (size > largest) throw new Error(`${name}.png is too large for a README: ${largest} at most`)
}

async function passwordOf(): Promise<string> {
  let password: string | null = null
  for await (const line of createInterface({ input: running.stdout })) {
    password ??= /, password (\S+)$/.exec(line)?.[1] ?? null
    if (password !== null && line.startsWith('The client asks')) {
      running.stdout.resume()
      return password
    }
  }
  throw new Error('the demo ended before it had a pair')
}
