import assert from 'node:assert/strict'
import { cpSync, globSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { scratchFolder, type TestContext } from '../lab/vm/scratch.ts'
import { type DebianMirror, startMirror } from './debian-mirror.ts'
import { namesIn, type Outcome, project, runWords, withoutNetwork, withTmpfs } from './tree.ts'

// By another name than the mirror's: apt gives up a host by its name.
const nowhere = 'http://localhost:9/debian'
const listed = ['busybox-static', 'libcom-err2', 'libuuid1']

/** The mirror's address is part of the names in a cache, so one mirror serves all tests. */
let mirror: DebianMirror
/** A cache that has been filled from it, and the list that came of that. */
let filled: string
let list: string
const cleaning: (() => Promise<void>)[] = []

before(async () => {
  const t: TestContext = { after: clean => cleaning.push(clean) }
  mirror = await startMirror(t)
  filled = scratchFolder(t)
  writeFileSync(join(filled, 'list'), `${listed.join('\n')} # and why\n`)
  const { code, said } = await packages(filled)
  assert.equal(code, 0, said)
  list = readFileSync(join(filled, 'out.tsv'), 'utf8').replaceAll(filled, 'HERE')
})
after(async () => {
  for (const clean of cleaning) await clean()
})

type Manner = {
  readonly words?: readonly string[]
  readonly debian?: string
  readonly security?: string
}

const packages = async (folder: string, manner: Manner = {}): Promise<Outcome> => {
  const { words = [], debian = mirror.debian, security = mirror.security } = manner
  const script = join(project, 'rootfs/packages.sh')
  const operands = [join(folder, 'list'), join(folder, 'cache'), join(folder, 'out.tsv')]
  return await runWords([...words, 'bash', script, ...operands], {
    env: { DIARCH_MIRROR: debian, DIARCH_SECURITY_MIRROR: security },
  })
}

/** A folder with the list of packages and a cache: filled, or none yet. */
const folderWith = (t: TestContext, cache: 'filled' | 'empty'): string => {
  const folder = scratchFolder(t)
  cpSync(join(filled, 'list'), join(folder, 'list'))
  if (cache === 'filled') cpSync(join(filled, 'cache'), join(folder, 'cache'), { recursive: true })
  mirror.sent.length = 0
  mirror.disturb = () => false
  return folder
}

const assertDone = (folder: string, { code, said }: Outcome): void => {
  assert.equal(code, 0, said)
  const got = readFileSync(join(folder, 'out.tsv'), 'utf8').replaceAll(folder, 'HERE')
  assert.equal(got, list)
}

const assertRefused = (folder: string, { code, said }: Outcome, patterns: RegExp[]): void => {
  assert.equal(code, 1, said)
  for (const pattern of patterns) assert.match(said, pattern)
  assert.deepEqual(
    namesIn(folder).filter(name => name.startsWith('out')),
    [],
  )
}

const whatToDo = /^Check the network, or set DIARCH_MIRROR and DIARCH_SECURITY_MIRROR/m

test('no network, nothing in the cache: names the three indexes and says what to do', async t => {
  const folder = folderWith(t, 'empty')
  const outcome = await packages(folder, { words: withoutNetwork })
  const named = [
    `${mirror.debian}, trixie`,
    `${mirror.debian}, trixie-updates`,
    `${mirror.security}, trixie-security`,
  ].map(each => `  ${each}\n`)
  assertRefused(folder, outcome, [/^Could not get the index of Debian packages from$/m, whatToDo])
  assert.ok(outcome.said.includes(named.join('')), outcome.said)
  assert.ok(outcome.said.includes(`${folder}/cache, has no older one`), outcome.said)
})

test('a mirror that nobody answers at: names that one alone', async t => {
  const folder = folderWith(t, 'empty')
  const outcome = await packages(folder, { debian: nowhere })
  assertRefused(folder, outcome, [/:9\/debian, trixie\n/, /onnection refused/, whatToDo])
  assert.doesNotMatch(outcome.said, /trixie-security$/m)
})

test('without the index of the security archive nothing is built from old packages', async t => {
  const folder = folderWith(t, 'filled')
  const outcome = await packages(folder, { security: nowhere })
  assertRefused(folder, outcome, [/:9\/debian, trixie-security\n/, whatToDo])
})

test('no network and a filled cache: goes on with it and says so', async t => {
  const folder = folderWith(t, 'filled')
  const outcome = await packages(folder, { words: withoutNetwork })
  assertDone(folder, outcome)
  const today = new Date().toISOString().slice(0, 10)
  const words = `index of packages could not be renewed; the one in the cache, of ${today}, is used`
  assert.ok(outcome.said.includes(words), outcome.said)
})

test('no mirror is known: names both variables', async t => {
  const folder = folderWith(t, 'empty')
  // An apt without sources, as on a machine that has its own archive.
  const words = withTmpfs('/etc/apt', 'size=1m')
  const outcome = await packages(folder, { words, debian: '', security: '' })
  assertRefused(folder, outcome, [/^No Debian mirror: /, /^Set DIARCH_MIRROR and DIARCH_SECURITY/m])
})

const flip = (file: string): void => {
  const bytes = readFileSync(file)
  for (let at = 1000; at < 1016; at++) bytes[at] = (bytes[at] ?? 0) ^ 0xff
  writeFileSync(file, bytes)
}
const damages = {
  'cut short': (file: string) => truncateSync(file, 5000),
  'of no length': (file: string) => truncateSync(file, 0),
  'as long as it should be, with other bytes': flip,
}
const busybox = (folder: string): string =>
  globSync(join(folder, 'cache/apt/archives/busybox-static_*.deb'))[0] ??
  'busybox-static is missing'

for (const [how, damage] of Object.entries(damages)) {
  test(`a package in the cache is ${how}: named and fetched again, it alone`, async t => {
    const folder = folderWith(t, 'filled')
    damage(busybox(folder))
    const outcome = await packages(folder)
    assertDone(folder, outcome)
    assert.match(outcome.said, /busybox-static_.*\.deb in the cache is damaged or cut short; it is/)
    assert.match(outcome.said, /^ {2}fetching 1 package: busybox-static$/m)
    assert.deepEqual(mirror.sent, ['busybox-static'])
  })
}

test('a damaged package and no network: says which one is wanted', async t => {
  const folder = folderWith(t, 'filled')
  damages['cut short'](busybox(folder))
  const outcome = await packages(folder, { words: withoutNetwork })
  assertRefused(folder, outcome, [
    /^Could not get these Debian packages: busybox-static$/m,
    /^Check the network, or run once where it is reachable/m,
  ])
})

test('a mirror that sends other bytes than Debian signed is not believed', async t => {
  const folder = folderWith(t, 'filled')
  damages['of no length'](busybox(folder))
  const size = readFileSync(busybox(filled)).length
  mirror.disturb = (path, answer) => {
    if (path.endsWith('.deb')) answer.end(Buffer.alloc(size, 'x'))
    return path.endsWith('.deb')
  }
  const outcome = await packages(folder)
  assertRefused(folder, outcome, [/packages: busybox-static$/m, /Hash Sum mismatch/])
})

test('a connection that breaks within a package: refused, and whole the next time', async t => {
  const folder = folderWith(t, 'filled')
  const whole = readFileSync(busybox(folder))
  damages['of no length'](busybox(folder))
  mirror.disturb = (path, answer) => {
    if (!path.endsWith('.deb')) return false
    answer.writeHead(200, { 'content-length': whole.length })
    answer.write(whole.subarray(0, 5000), () => answer.destroy())
    return true
  }
  assertRefused(folder, await packages(folder), [/packages: busybox-static$/m])
  mirror.disturb = () => false
  assertDone(folder, await packages(folder))
})

test('a package that Debian does not have is named, with the list it stands in', async t => {
  const folder = folderWith(t, 'filled')
  writeFileSync(join(folder, 'list'), 'libuuid1\ndiarch-not-there\n')
  const outcome = await packages(folder)
  assertRefused(folder, outcome, [
    /^Debian trixie has no package named: diarch-not-there \(named in .*\/list\)$/m,
  ])
})

test('a folder for downloads that cannot be written to: says why, and what to do', async t => {
  const folder = folderWith(t, 'filled')
  const outcome = await packages(folder, { words: withTmpfs(join(folder, 'cache'), 'ro') })
  assertRefused(folder, outcome, [
    /^The folder for downloads, .*\/cache, cannot be written to:\n.*Read-only file system$/m,
    /^Name another one with --cache DIR\.$/m,
  ])
})

test('a folder for downloads without room: says how much is wanted', async t => {
  const folder = folderWith(t, 'filled')
  const outcome = await packages(folder, { words: withTmpfs(join(folder, 'cache'), 'size=20m') })
  assertRefused(folder, outcome, [
    /^The folder for downloads, .*\/cache, has 20 MB left and needs about 200\.$/m,
    /^Make room, or name another one with --cache DIR\.$/m,
  ])
})
