import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as tidy from './tidy.ts'
import { type Rule, report, sourceFiles } from './tree.ts'

const files = sourceFiles()

type Example = readonly [path: string, text: string]

/** A rule, examples that break it, and some that look as if they did. */
const rules: readonly { name: string; rule: Rule; bad: Example[]; good: Example[] }[] = [
  {
    name: 'a file has 400 lines at most',
    rule: tidy.shortFiles,
    bad: [['a.ts', 'x\n'.repeat(401)]],
    good: [
      ['a.ts', 'x\n'.repeat(400)],
      ['a.md', 'x\n'.repeat(401)],
    ],
  },
  {
    name: 'a line has 100 columns at most',
    rule: tidy.shortLines,
    bad: [
      ['a.ts', 'x'.repeat(101)],
      ['bin/a', `#!/bin/sh\n${'x'.repeat(101)}`],
    ],
    good: [
      ['a.ts', 'é'.repeat(100)],
      ['a.ts', `// https://example.org/${'x'.repeat(100)}`],
    ],
  },
  {
    name: 'no line ends with a space',
    rule: tidy.noTrailingSpace,
    bad: [
      ['a.md', 'x \ny'],
      ['a.ts', 'x\r\n'],
    ],
    good: [['a.ts', 'x\n']],
  },
  {
    name: 'no work is left behind',
    rule: tidy.nothingLeftOver,
    bad: [
      ['a.ts', '// TODO later'],
      ['a.sh', '# FIXME'],
    ],
    good: [['a.sh', 'mktemp -d /tmp/a.XXXXXX']],
  },
  {
    name: 'no folder of one machine is named',
    rule: tidy.noMachinePaths,
    bad: [
      ['a.ts', "const path = '/home/somebody/main'"],
      ['a.sh', 'cd "/home/me"'],
      ['a.md', 'in `/root/.cache`'],
    ],
    good: [
      ['a.sh', 'cp x "$out/root/etc"'],
      ['a.ts', "get('/work')"],
      ['rootfs/skeleton/etc/x', '/root/x'],
    ],
  },
  {
    name: 'file names say what is inside',
    rule: tidy.tellingFileNames,
    bad: [
      ['appliance/utils/a.ts', ''],
      ['tests/test-helpers.ts', ''],
    ],
    good: [['appliance/values/commonality.ts', '']],
  },
  {
    name: 'class names say what it is',
    rule: tidy.tellingClassNames,
    bad: [['a.ts', 'export class SlotManager {}']],
    good: [['a.ts', "export class Slots {} // not 'class SlotManager'"]],
  },
  {
    name: 'every test runs',
    rule: tidy.everyTestRuns,
    bad: [
      ['a.test.ts', "test.skip('x', f)"],
      ['a.test.ts', "test('x', { only: true }, f)"],
      ['a.test.ts', 't.todo()'],
    ],
    good: [['a.test.ts', "test('skip(', () => message.skip)"]],
  },
  {
    name: 'a file of the appliance begins with code or with why',
    rule: tidy.goodBeginnings,
    bad: [
      ['appliance/web/a.ts', '\nlet a'],
      ['appliance/web/a.ts', '// appliance\nlet a'],
      ['appliance/web/a.ts', '/* a.ts: the a of the b of the c */'],
      ['appliance/web/a.ts', '// Copyright by all of us who wrote this'],
    ],
    good: [
      ['appliance/web/a.ts', 'let a'],
      ['appliance/web/a.ts', '// A browser asks twice for this.\nlet a'],
    ],
  },
  {
    name: 'scripts stop at the first error',
    rule: tidy.strictScripts,
    bad: [
      ['a.sh', '#!/usr/bin/env bash\n# x\ncd x\nset -euo pipefail'],
      ['b', '#!/bin/sh\nset -e'],
      ['a.sh', 'cd x'],
    ],
    good: [
      ['a.sh', '#!/usr/bin/env bash\n# x\n\nset -euo pipefail\n'],
      ['b', '#!/bin/sh\nset -eu'],
      ['b.py', '#!/usr/bin/env python3'],
      ['rootfs/initrd/init', '#!/bin/busybox sh\nmount'],
    ],
  },
]

for (const { name, rule, bad, good } of rules) {
  test(name, () => {
    const findings = files.flatMap(rule)
    assert.equal(findings.length, 0, report(findings))
  })
  test(`${name}: the rule notices`, () => {
    for (const [path, text] of bad) assert.equal(rule({ path, text }).length, 1, text)
    for (const [path, text] of good) assert.deepEqual(rule({ path, text }), [], text)
  })
}

test('files are comfortable to read', t => {
  const long = files.filter(file => tidy.lineCount(file) > tidy.comfortableFile)
  const list = long.map(file => `${file.path} (${tidy.lineCount(file)})`).join(', ')
  t.diagnostic(`${long.length} files have more than ${tidy.comfortableFile} lines: ${list}`)
})
