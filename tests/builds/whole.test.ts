import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import type { TestContext } from '../lab/vm/scratch.ts'
import {
  freshTree,
  namesIn,
  run,
  runWords,
  treeWithNpmPackages,
  warmCache,
  withoutNetwork,
  withTmpfs,
} from './tree.ts'

before(() => {
  assert.ok(
    existsSync(join(warmCache, 'apt/state/lists')),
    `${warmCache} holds no downloads: run ./build.sh once, where Debian is reached`,
  )
})

/** With the npm packages and the downloads of this machine's builds, as copies. */
const readyTree = async (t: TestContext): Promise<{ tree: string; cache: string }> => {
  const tree = await treeWithNpmPackages(t)
  const cache = join(tree, '../cache')
  cpSync(warmCache, cache, { recursive: true })
  return { tree, cache }
}

const slotSum = (tree: string): string =>
  createHash('sha256')
    .update(readFileSync(join(tree, 'build/slot')))
    .digest('hex')

test('a build killed while it unpacks, then run again without a network, is whole', async t => {
  const { tree, cache } = await readyTree(t)
  const build = ['./build.sh', '--fast', '--cache', cache]
  const unpacking = join(tree, 'build/unpacked/usr/lib/modules')
  const killed = await runWords([...withoutNetwork, ...build], {
    cwd: tree,
    killWhen: () => existsSync(unpacking),
  })
  assert.equal(killed.code, null, killed.said)
  assert.ok(existsSync(unpacking), `it was killed too late:\n${killed.said}`)
  assert.deepEqual(namesIn(join(tree, 'dist')), [])

  const again = await runWords([...withoutNetwork, ...build], { cwd: tree })
  assert.equal(again.code, 0, again.said)
  assert.match(again.said, /the index of packages could not be renewed; the one in the cache/)
  assert.match(again.said, /^In dist\/, after \d+ s:$/m)
  const [name] = namesIn(join(tree, 'dist')).filter(each => each.endsWith('.img'))
  const base = name?.replace(/\.img$/, '')
  const expected = ['SHA256SUMS', `${base}.cdx.json`, `${base}.img`, `${base}.slot`]
  assert.deepEqual(namesIn(join(tree, 'dist')), expected)
  const sums = await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], {
    cwd: join(tree, 'dist'),
  })
  assert.equal(sums.code, 0, sums.said)

  // The same as what comes out when nobody interferes.
  const interrupted = slotSum(tree)
  for (const left of ['debian', 'debian.recipe', 'root', 'slot']) {
    rmSync(join(tree, 'build', left), { recursive: true })
  }
  const { BUILT = '' } = Object.fromEntries(
    readFileSync(join(tree, 'build/release'), 'utf8')
      .trim()
      .split('\n')
      .map(line => line.split('=')),
  )
  const env = { SOURCE_DATE_EPOCH: BUILT }
  for (const words of [
    ['rootfs/tree.sh', 'build'],
    ['image/slot.sh', 'build/root', 'build/slot'],
  ]) {
    const { code, said } = await run('bash', words, { cwd: tree, env })
    assert.equal(code, 0, said)
  }
  assert.equal(slotSum(tree), interrupted)
})

test('no network and no downloads: fails at the index, and what was in dist stays', async t => {
  const { tree, cache } = await readyTree(t)
  rmSync(cache, { recursive: true })
  mkdirSync(join(tree, 'dist'))
  writeFileSync(join(tree, 'dist/diarch-0.0.1-x86_64.img'), 'of yesterday')
  const build = ['./build.sh', '--fast', '--cache', cache]
  const { code, said, lastLine } = await runWords([...withoutNetwork, ...build], { cwd: tree })
  assert.equal(code, 1, said)
  assert.match(said, /^Could not get the index of Debian packages from$/m)
  assert.match(lastLine, /^build\.sh: "Debian packages of the image" did not come to its end/)
  assert.deepEqual(namesIn(join(tree, 'dist')), ['diarch-0.0.1-x86_64.img'])
})

test('a full disk: names the phase and the disk, and leaves nothing in dist', async t => {
  const { tree, cache } = await readyTree(t)
  mkdirSync(join(tree, 'build'))
  const small = withTmpfs(join(tree, 'build'), 'size=8m')
  const build = ['./build.sh', '--fast', '--cache', cache]
  const { code, said, lastLine } = await runWords([...small, ...build], { cwd: tree })
  assert.notEqual(code, 0, said)
  assert.match(said, /No space left on device/)
  assert.match(said, /^build\.sh: the disk of build has \d MB left; a build takes about 2000/m)
  assert.match(lastLine, /^build\.sh: "programs" did not come to its end .* Run the same again/)
  assert.deepEqual(namesIn(join(tree, 'dist')), [])
})

test('no npm packages and no registry: names one that is wanted and says what to do', async t => {
  const tree = freshTree(t)
  const { code, said, lastLine } = await runWords([...withoutNetwork, './build.sh', '--fast'], {
    cwd: tree,
  })
  assert.equal(code, 1, said)
  assert.match(said, /^npm error request to https?:\/\/\S+ failed, reason: /m)
  assert.match(lastLine, /^build\.sh: npm could not get its packages\. Check the network, or name/)
  assert.deepEqual(namesIn(join(tree, 'dist')), [])
})
