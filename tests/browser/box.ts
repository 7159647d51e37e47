import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Status } from '../../appliance/status/document.ts'
import { bundlePage } from '../../rootfs/bundle.ts'
import { freePort, onBox, password, type Said } from '../processes/access-run.ts'
import { compileNative, tree, until } from '../processes/supervisor-lab.ts'
import { type Run, startRun, statusOf } from '../processes/supervisor-run.ts'

export { makeUser, password } from '../processes/access-run.ts'

/** For people to look at; not in git. */
export const screenshots = join(tree, 'build/screenshots')

/** A real supervisor with all of its processes, and Chromium in front of it. */
export class Box {
  readonly #after: (() => unknown)[] = []
  readonly #folder = mkdtempSync(join(tmpdir(), 'diarch-page-'))
  readonly port: number
  #run: Run
  #browser: Browser | null = null

  static async start(): Promise<Box> {
    compileNative()
    await bundlePage(join(tree, 'build/lib'))
    mkdirSync(screenshots, { recursive: true })
    const box = new Box(await freePort())
    await box.#isUp()
    return box
  }

  private constructor(port: number) {
    this.port = port
    this.#run = this.#start()
  }

  #start(): Run {
    const t = { after: (end: () => unknown) => this.#after.push(end) } as unknown as TestContext
    return startRun(t, this.#folder, { webPort: this.port })
  }

  get site() {
    return { ...this.#run, port: this.port }
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}/`
  }

  /** As root on the box; it has to be done. */
  async ask(method: string, path: string, body?: unknown): Promise<Said['body']> {
    const said = await onBox(this.site, method, `/api/v1/${path}`, body)
    assert.ok(said.status < 300, `${method} ${path}: ${JSON.stringify(said.body)}`)
    return said.body
  }

  async status(): Promise<Status> {
    return (await this.ask('GET', 'status')) as unknown as Status
  }

  /** What somebody at the console does to the cluster part. */
  async set(path: string, value: unknown): Promise<void> {
    await this.ask('POST', 'configuration/changes', {
      patch: [{ op: 'add', path: `/cluster/${path}`, value }],
    })
  }

  /** As by a power cut: neither the supervisor nor the process of the page says good-bye. */
  async restart(whileItIsGone: () => Promise<void>): Promise<void> {
    const { processes } = await this.status()
    const web = processes.find(({ name }) => name === 'web')?.pid
    assert.ok(web)
    process.kill(web, 'SIGSTOP')
    this.#run.process.kill('SIGKILL')
    process.kill(web, 'SIGKILL')
    await this.#run.exited
    await whileItIsGone()
    this.#run = this.#start()
    await this.#isUp()
  }

  /** It need not be well: not every kernel that runs this has IPVS. */
  #isUp(): Promise<unknown> {
    return until(
      'the page is served',
      () => statusOf(this.#run.runDir),
      status => status !== null && status.web !== null,
      60_000,
    )
  }

  async open(options: BrowserContextOptions = {}): Promise<Opened> {
    this.#browser ??= await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: browserArguments,
    })
    const context = await this.#browser.newContext({ ignoreHTTPSErrors: true, ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    const complaints = complaintsOf(page)
    await page.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', event =>
        console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`),
      ),
    )
    await page.goto(this.url)
    return { page, complaints }
  }

  /** A page of a user who has logged in. */
  async openAs(user: string, options: BrowserContextOptions = {}): Promise<Opened> {
    const opened = await this.open(options)
    await logIn(opened.page, user)
    return opened
  }

  /** A page holds streams of the box, of which one client gets only so many. */
  async closePages(): Promise<void> {
    for (const context of this.#browser?.contexts() ?? []) await context.close()
  }

  async close(): Promise<void> {
    await this.#browser?.close()
    for (const end of this.#after.reverse()) await end()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

export type Opened = { readonly page: Page; readonly complaints: string[] }

export const browserArguments = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What the console of the browser says; a refused request is no complaint of the page's. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', message => {
    const isRefusal = message.text().startsWith('Failed to load resource')
    if (message.type() !== 'log' && !isRefusal) {
      complaints.push(`${message.type()}: ${message.text()}`)
    }
  })
  page.on('pageerror', error => complaints.push(String(error)))
  return complaints
}

export async function logIn(page: Page, user: string, secret = password): Promise<void> {
  await page.getByLabel('User').fill(user)
  await page.getByLabel('Password').fill(secret)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('navigation').waitFor()
}

/** For the virtual routers: an interface that has a peer. */
export function makeInterface(): void {
  const ip = (...words: string[]) => execFileSync('ip', words)
  ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1')
  for (const name of ['v0', 'v1']) ip('link', 'set', name, 'up')
  ip('address', 'add', '192.0.2.1/24', 'dev', 'v0')
}

/** Something that answers a TCP check until it is closed. */
export const listen = (port: number): Promise<Server> =>
  new Promise(resolve => {
    const server = createServer(socket => socket.end())
    server.listen(port, '127.0.0.1', () => resolve(server))
  })

const server = (port: number) => ({ address: '127.0.0.1', port })

/** A router that nobody contests, and two services with servers at 8081 to 8083. */
export const exampleDocument = {
  schemaVersion: 2,
  cluster: {
    routers: {
      VI_1: { interface: 'v0', virtualRouterId: 51, virtualAddresses: ['192.0.2.100/24'] },
    },
    checks: { port: { kind: 'tcp', interval: '200ms', timeout: '100ms' } },
    services: {
      shop: {
        virtual: ['192.0.2.100:80'],
        checks: ['port'],
        servers: { web1: server(8081), web2: server(8082), web3: server(8083) },
      },
      mail: {
        virtual: ['192.0.2.100:25'],
        checks: ['port'],
        servers: { mx1: server(8081), mx2: server(8082) },
      },
    },
  },
}

/**
 * Beside the users that there are. Chromium ends its requests when an address comes or goes, so
 * this waits for the election: a director without IPVS gives the address up once more.
 */
export async function configure(box: Box): Promise<void> {
  await box.ask('POST', 'configuration/changes', {
    patch: Object.entries(exampleDocument.cluster).map(([key, value]) => {
      return { op: 'add', path: `/cluster/${key}`, value }
    }),
  })
  await until(
    'the services are there and the address has come to stay',
    () => box.status(),
    ({ routers: [router], services, director: { missing } }) =>
      services.length === 2 &&
      router?.state === 'MASTER' &&
      (missing === null || router.priority.effective === 1),
    60_000,
  )
}
