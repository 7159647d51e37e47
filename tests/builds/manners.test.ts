import assert from 'node:assert/strict'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { asNobody, freshTree, namesIn, run, runWords, withoutNetwork } from './tree.ts'

for (const words of [['--help'], ['-h'], ['help'], ['test', '--help'], ['--fast', '-h']]) {
  test(`build.sh ${words.join(' ')} tells what there is and does nothing`, async t => {
    const tree = freshTree(t)
    const { code, said } = await run('./build.sh', words, { cwd: tree })
    assert.equal(code, 0, said)
    assert.match(said, /^Usage: \.\/build\.sh \[COMMAND\] \[OPTIONS\]\n/)
    for (const word of ['demo', 'test', 'reproduce', 'clean', '--fast', '--cache DIR']) {
      assert.ok(said.includes(`\n  ${word} `), `--help has ${word}:\n${said}`)
    }
    assert.deepEqual([namesIn(join(tree, 'build')), namesIn(join(tree, 'dist'))], [[], []])
  })
}

const refusals: [words: string[], message: string][] = [
  [['bild'], 'there is no command "bild"'],
  [['--fats'], 'there is no option "--fats"'],
  [['test', 'fast'], 'there is no option "fast"'],
  [['--formats'], '--formats needs a value: some of img,zst,qcow2,vmdk,ova, with commas'],
  [['--out'], '--out needs a value: the path of a folder'],
  [['--cache', ''], '--cache needs a value: the path of a folder'],
  [
    ['--formats', 'img,iso'],
    'there is no image format "iso": expected some of img,zst,qcow2,vmdk,ova',
  ],
  [
    ['test', '--formats', 'img,ova'],
    '--formats is for a build alone: ./build.sh --formats img,ova',
  ],
  [['--all'], '--all is for ./build.sh clean'],
  [['clean', '--fast'], '--fast is for a build alone: ./build.sh --fast'],
  [
    ['clean', '--out', 'elsewhere'],
    '--out is for a build and for demo: it says where the image goes',
  ],
]
for (const [words, message] of refusals) {
  test(`build.sh ${words.join(' ')} is refused at once, in two lines`, async t => {
    const tree = freshTree(t)
    const { code, said } = await run('./build.sh', words, { cwd: tree })
    assert.equal(said, `build.sh: ${message}\nAll options: ./build.sh --help\n`)
    assert.equal(code, 1)
    assert.deepEqual([namesIn(join(tree, 'build')), namesIn(join(tree, 'dist'))], [[], []])
  })
}

test('demo --help tells its own options and does nothing', async t => {
  const tree = freshTree(t)
  const { code, said } = await run('./build.sh', ['demo', '--help'], { cwd: tree })
  assert.equal(code, 0, said)
  assert.match(said, /^Usage: \.\/build\.sh demo \[OPTIONS\]\n/)
  for (const name of ['build', 'dist', 'node_modules']) {
    assert.deepEqual(namesIn(join(tree, name)), [])
  }
})

test('a build keeps another one out of its tree and says which it is', async t => {
  const tree = freshTree(t)
  const lock = join(tree, 'build/lock')
  const clean = ['./build.sh', 'clean', '--cache', '../cache']
  let seen = false
  // Without a network it waits for its npm packages.
  const building = runWords([...withoutNetwork, './build.sh', '--fast'], {
    cwd: tree,
    killWhen: () => seen,
  })
  while (!existsSync(lock) || readFileSync(lock, 'utf8') === '') await wait(5)
  const refused = await runWords(clean, { cwd: tree })
  seen = true
  const { code } = await building
  assert.equal(code, null, 'it was killed, so it held the lock until then')
  const [, pid] = /: process (\d+), /.exec(refused.said) ?? []
  assert.equal(
    refused.said.replace(/since \d\d:\d\d/, 'since now'),
    `build.sh: another build works in this tree: process ${pid}, "./build.sh --fast", since now. ` +
      `Wait until it has ended, or stop it: kill ${pid}\n`,
  )
  assert.equal(refused.code, 1)

  const again = await runWords(clean, { cwd: tree })
  assert.deepEqual(again, { code: 0, said: '', lastLine: '' })
  assert.deepEqual(namesIn(join(tree, 'build')), [])
})

test('missing Debian packages: who is not root gets the one command, no more', async t => {
  const tree = freshTree(t)
  appendFileSync(
    join(tree, 'image/host-packages.list'),
    '#: build\ndiarch-not-there\ndiarch-nor-this\n#: test\ndiarch-only-for-tests\n',
  )
  const { code, said } = await runWords([...asNobody, './build.sh', '--fast'], { cwd: tree })
  const lines = said.split('\n')
  assert.equal(
    lines[0],
    'build.sh: these Debian packages are missing. Install them, then run again:',
  )
  assert.match(
    lines[2] ?? '',
    /^ {2}sudo apt-get install --no-install-recommends .*diarch-not-there diarch-nor-this$/,
  )
  assert.equal(code, 1)
  assert.deepEqual([namesIn(join(tree, 'build')), namesIn(join(tree, 'dist'))], [[], []])
})

test('clean leaves nothing of builds; --all leaves only what is not ours', async t => {
  const tree = freshTree(t)
  const cache = join(tree, '../cache')
  for (const folder of ['build/x', 'dist/demo', 'node_modules/x', '../cache/apt/archives']) {
    mkdirSync(join(tree, folder), { recursive: true })
  }
  writeFileSync(join(cache, 'letter'), 'of the user')
  const before = namesIn(tree)
  const clean = await run('./build.sh', ['clean', '--cache', '../cache'], { cwd: tree })
  assert.deepEqual(clean, { code: 0, said: '', lastLine: '' })
  const left = before.filter(name => !['build', 'dist'].includes(name))
  assert.deepEqual(namesIn(tree), left)
  assert.deepEqual(namesIn(cache), ['apt', 'letter'])

  const all = await run('./build.sh', ['clean', '--all', '--cache', '../cache'], { cwd: tree })
  assert.equal(all.code, 0, all.said)
  assert.deepEqual(namesIn(cache), ['letter'])
  assert.deepEqual(
    namesIn(tree),
    left.filter(name => name !== 'node_modules'),
  )
})

test('folders are relative to where the user is, and HOME need not be set', async t => {
  const tree = freshTree(t)
  const elsewhere = join(tree, '../elsewhere')
  mkdirSync(join(elsewhere, 'cache/apt'), { recursive: true })
  const words = ['env', '-u', 'HOME', '../tree/build.sh', 'clean', '--all', '--cache', 'cache']
  const { code, said } = await runWords(words, { cwd: elsewhere })
  assert.equal(code, 0, said)
  assert.deepEqual(namesIn(join(elsewhere, 'cache')), [])
})
