import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, copyFileSync, mkdirSync, openSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { bundlePage } from '../../rootfs/bundle.ts'
import { compileNative, temporaryFolder, tree } from './supervisor-lab.ts'
import { cli, startRun, whenOk } from './supervisor-run.ts'

before(async () => {
  compileNative()
  await bundlePage(join(tree, 'build/lib'))
})

const launcher = join(tree, 'appliance/cli/diarch')
/** Without the Node of the tree. */
const systemPath = { ...process.env, PATH: '/usr/bin:/bin' }

const diarch = (...args: string[]) =>
  spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', cwd: tree })

test('diarch run says how to see it, and what it shows is its own', async t => {
  const began = Date.now()
  const run = startRun(t, temporaryFolder())
  const status = await whenOk(run)
  assert.match(
    run.output(),
    new RegExp(`^diarch: see it with: diarch status --run ${run.runDir}$`, 'm'),
  )
  const page = `https://localhost:${status.web?.port}/`
  assert.ok(run.output().includes(`web: serves the page at ${page} `), run.output())

  assert.ok(Date.parse(status.bootedAt) >= began, `up since ${status.bootedAt}`)
  assert.equal(status.memory, null)
  assert.doesNotMatch(diarch('status', '--run', run.runDir).stdout, /^memory/m)

  const refused = diarch('log', 'nobody', '--run', run.runDir)
  assert.equal(refused.status, 1)
  assert.match(refused.stderr, /no process "nobody"\. There are: supervisor, web\./)
})

test('a reader that has gone ends it quietly, a full disk with words', () => {
  const fifo = join(temporaryFolder(), 'pipe')
  execFileSync('mkfifo', [fifo])
  for (const args of [['--help'], ['version']]) {
    const reader = openSync(fifo, 'r+')
    const unread = openSync(fifo, 'w')
    closeSync(reader)
    const { status, stderr } = spawnSync(process.execPath, [cli, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', unread, 'pipe'],
    })
    closeSync(unread)
    assert.deepEqual([status, stderr], [0, ''], args.join(' '))
  }
  const full = openSync('/dev/full', 'w')
  const { status, stderr } = spawnSync(process.execPath, [cli, 'version'], {
    encoding: 'utf8',
    stdio: ['ignore', full, 'pipe'],
  })
  closeSync(full)
  assert.equal(status, 1)
  assert.match(stderr, /^diarch: the output cannot be written: ENOSPC/)
})

test('called by its path it runs on the Node of the tree, whatever the system has', () => {
  const link = join(temporaryFolder(), 'diarch')
  symlinkSync(launcher, link)
  const answer = spawnSync(link, ['version'], { encoding: 'utf8', env: systemPath })
  assert.equal(answer.stderr, '')
  assert.match(answer.stdout, /^diarch \d/)
})

test('a tree without its Node says how to get it', () => {
  const folder = join(temporaryFolder(), 'appliance/cli')
  mkdirSync(folder, { recursive: true })
  copyFileSync(launcher, join(folder, 'diarch'))
  const answer = spawnSync(join(folder, 'diarch'), [], { encoding: 'utf8', env: systemPath })
  assert.equal(answer.status, 1)
  assert.match(answer.stderr, /^diarch: it needs Node 24, .*\.\/build\.sh/)
})
