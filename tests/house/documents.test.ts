import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decisionsAreListed, dependenciesAreExplained, scriptsAreDescribed } from './documents.ts'
import { report, sourceFiles } from './tree.ts'

const files = sourceFiles()

const rules = {
  'every decision is linked from docs/adr/README.md': decisionsAreListed,
  'every dependency has a row in docs/dependencies.md, and every row a dependency':
    dependenciesAreExplained,
  'every npm script is described in CONTRIBUTING.md': scriptsAreDescribed,
}

for (const [name, rule] of Object.entries(rules)) {
  test(name, () => {
    const findings = rule(files)
    assert.equal(findings.length, 0, report(findings))
  })
}

test('a decision that is linked nowhere is noticed', () => {
  const decision = { path: 'docs/adr/0001-a.md', text: '' }
  const index = { path: 'docs/adr/README.md', text: '- [a](0001-a.md)' }
  assert.equal(decisionsAreListed([decision]).length, 1)
  assert.equal(decisionsAreListed([decision, index]).length, 0)
})

test('a dependency without a row is noticed, and a row without a dependency', () => {
  const used = [
    { path: 'package.json', text: '{"dependencies":{"a":"1"},"devDependencies":{"b":"1"}}' },
    { path: 'rootfs/packages.list', text: '# the C library\nlibc6\n' },
  ]
  const list = (text: string) => [...used, { path: 'docs/dependencies.md', text }]
  const missing = dependenciesAreExplained(list('| `a` | x |\n| `libc6` | y |'))
  assert.deepEqual(
    missing.map(({ what }) => what),
    ['depends on b'],
  )
  const stale = dependenciesAreExplained(list('| `a`, `b` | x |\n| `libc6` |\n| `old` | z |'))
  assert.deepEqual(
    stale.map(({ what, line }) => [what, line]),
    [['explains old', 3]],
  )
})

test('a script that is described nowhere is noticed', () => {
  const scripts = { path: 'package.json', text: '{"scripts":{"x":"","y":""}}' }
  const guide = { path: 'CONTRIBUTING.md', text: 'Run `npm run x` first.' }
  assert.deepEqual(
    scriptsAreDescribed([scripts, guide]).map(({ what }) => what),
    ['has the script y'],
  )
})
