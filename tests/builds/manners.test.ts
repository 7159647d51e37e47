import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { asNobody, freshTree, namesIn, run, runWords } from './tree.ts'

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
  [['--out'], '--out needs a value'],
  [['--cache', ''], '--cache needs a value'],
  [
    ['--formats', 'img,iso'],
    'there is no image format "iso": expected some of img,zst,qcow2,vmdk,ova',
  ],
]
for (const [words, message] of refusals) {
  test(`build.sh ${words.join(' ')} is refused at once`, async t => {
    const tree = freshTree(t)
    const { code, lastLine } = await run('./build.sh', words, { cwd: tree })
    assert.equal(lastLine, `build.sh: ${message}`)
    assert.equal(code, 1)
    assert.deepEqual([namesIn(join(tree, 'build')), namesIn(join(tree, 'dist'))], [[], []])
  })
}

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
