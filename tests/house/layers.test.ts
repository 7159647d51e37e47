import assert from 'node:assert/strict'
import { test } from 'node:test'
import { direction } from './layers.ts'
import { purity } from './purity.ts'
import { report, sourceFiles } from './tree.ts'

const files = sourceFiles()

test('pure folders are pure', () => {
  const findings = files.flatMap(purity)
  assert.equal(findings.length, 0, report(findings))
})

test('imports go from processes to shells to pure code', () => {
  const findings = files.flatMap(direction)
  assert.equal(findings.length, 0, report(findings))
})

const impure = [
  "import { join } from 'node:path'",
  "import express from 'express'",
  "const fs = await import('node:fs')",
  'const now = Date.now()',
  'const later = setTimeout(go, 5)',
  'const dice = Math.random()',
  'const spread = [...process.argv]',
  'const either = yes ? process : null',
  'const text = `at $' + '{performance.now()}`',
  'globalThis.x = 1',
]

for (const text of impure) {
  test(`purity refuses: ${text}`, () => {
    assert.equal(purity({ path: 'appliance/values/x.ts', text }).length, 1)
    assert.equal(purity({ path: 'appliance/linux/x.ts', text }).length, 0)
  })
}

const pure = [
  "import { z } from './z.ts'",
  '// Date.now() would be wrong here',
  "const word = 'process'",
  'const floor = Math.floor(spec.process.pid)',
  'type Entry = { readonly process: string }',
  'type Entry = {\n  name: string\n  process?: string\n}',
]

for (const text of pure) {
  test(`purity allows: ${text.replaceAll('\n', ' ')}`, () => {
    assert.deepEqual(purity({ path: 'appliance/values/x.ts', text }), [])
  })
}

test('purity allows zod to the configuration alone', () => {
  const text = "import { z } from 'zod'"
  assert.equal(purity({ path: 'appliance/config/x.ts', text }).length, 0)
  assert.equal(purity({ path: 'appliance/vrrp/x.ts', text }).length, 1)
})

const wrongWay: readonly [path: string, text: string][] = [
  ['appliance/status/x.ts', "import { open } from '../linux/open.ts'"],
  ['appliance/status/x.ts', "import type { Web } from '../web/main.ts'"],
  ['appliance/linux/x.ts', "import { main } from '../web/main.ts'"],
  ['appliance/web/x.ts', "import { main } from '../console/main.ts'"],
  ['appliance/web/x.ts', "import { main } from '../supervisor/supervisor.ts'"],
  ['appliance/cli/x.ts', "import { child } from '../supervisor/children/child.ts'"],
  ['appliance/web/x.ts', "import { lab } from '../../tests/lab/lab.ts'"],
  ['appliance/attic/x.ts', ''],
  ['appliance/x.ts', ''],
  ['web-ui/x.tsx', "import { parseDocument } from '../appliance/config/document.ts'"],
  ['web-ui/x.tsx', "import { readFile } from 'node:fs'"],
  ['tests/lab/x.ts', "import { step } from '../../appliance/vrrp/step.ts'"],
  ['rootfs/x.ts', "import { open } from '../appliance/linux/open.ts'"],
]

for (const [path, text] of wrongWay) {
  test(`direction refuses in ${path}: ${text}`, () => {
    assert.equal(direction({ path, text }).length, 1)
  })
}

const rightWay: readonly [path: string, text: string][] = [
  ['appliance/web/x.ts', "import { open } from '../linux/open.ts'"],
  ['appliance/cli/x.ts', "import { Supervisor } from '../supervisor/supervisor.ts'"],
  ['appliance/store/x.ts', "import { sync } from '../linux/sync.ts'"],
  ['web-ui/x.tsx', "import type { Status } from '../appliance/status/document.ts'"],
  ['web-ui/x.tsx', "import { applyDelta } from '../appliance/status/delta.ts'"],
  ['web-ui/x.tsx', "import type { Finding } from '../appliance/config/finding.ts'"],
  ['web-ui/x.tsx', "import { render } from 'preact'"],
  ['tests/lab/x.ts', "import { seconds } from '../../appliance/values/duration.ts'"],
  ['tests/unit/x.test.ts', "import { step } from '../../appliance/vrrp/step.ts'"],
]

for (const [path, text] of rightWay) {
  test(`direction allows in ${path}: ${text}`, () => {
    assert.deepEqual(direction({ path, text }), [])
  })
}
