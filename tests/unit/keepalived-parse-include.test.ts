// biome-ignore-all lint/suspicious/noTemplateCurlyInString: keepalived writes names so
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeOfEntry } from '../../appliance/keepalived/tree.ts'
import { mainFile, parsed, said, shown } from './keepalived-words.ts'

const files = {
  '/etc/keepalived/a.conf': 'a',
  '/etc/keepalived/conf.d/1.conf': 'one ${_PWD}\ninclude 2/x.conf',
  '/etc/keepalived/conf.d/3.conf': 'three',
  '/etc/keepalived/conf.d/2/x.conf': 'two\ninclude ../../a.conf',
  '/etc/keepalived/open.conf': 'b {',
  '/etc/keepalived/strict.conf': 'include_check\ninclude none.conf',
  '/etc/keepalived/loop.conf': 'l\ninclude other/../round.conf',
  '/etc/keepalived/round.conf': 'r\ninclude /etc/keepalived/loop.conf',
  '/etc/keepalived/self.conf': 'include keepalived.conf',
  '/etc/keepalived/a b.conf': 'spaced',
}

const rows: readonly [text: string, tree: string, problems?: readonly string[]][] = [
  ['include a.conf\nz', 'a; z'],
  ['include /etc/keepalived/a.conf', 'a'],
  ['include "a.conf"', 'a'],
  ['include a b.conf', 'spaced'],
  ['include conf.d/*.conf\nz', 'one /etc/keepalived/conf.d; two; a; three; z'],
  ['include {a,conf.d/3}.conf', 'a; three'],
  [
    'include conf.d/{1,{3,}}.conf',
    'one /etc/keepalived/conf.d; two; a; three',
    ['lenient 1 include-not-found'],
  ],
  ['x {\n include a.conf\n}', 'x { a }'],
  ['x { include a.conf\n}', 'x { a }'],
  ['include open.conf\n c\n}', 'b { c }'],
  ['@m include a.conf', 'a'],
  ['$F=a.conf\ninclude $F', 'a'],
  ['~LST(F,a,conf.d/3) include ${F}.conf', 'a; three'],
  ['include none.conf\nz', 'z', ['lenient 1 include-not-found']],
  ['include none*.conf\nincluder none*.conf\nincludem none*.conf', ''],
  ['includer none.conf', '', ['error 1 include-not-found']],
  ['includem none.conf', '', ['error 1 include-not-found']],
  ['includew none*.conf', '', ['error 1 include-not-found']],
  ['includeb {a,none}.conf', 'a', ['error 1 include-not-found']],
  ['includeb {a,none*}.conf', 'a', ['error 1 include-not-found']],
  ['includea none*.conf', '', ['error 1 include-not-found']],
  ['include', 'include'],
  ['includes a.conf', 'includes a.conf'],
  ['include {a,{b', '', ['lenient 1 include-not-found']],
  [
    'include_check +wildcard_match\ninclude none*',
    'include_check +wildcard_match',
    ['error 2 include-not-found'],
  ],
  [
    'include_check\ninclude_check -wildcard_match -brace_match\ninclude none*',
    'include_check; include_check -wildcard_match -brace_match',
  ],
  [
    'include_check +wildcard_match\ninclude_check +readable\ninclude none*',
    'include_check +wildcard_match; include_check +readable',
    ['error 3 include-not-found'],
  ],
  [
    'include strict.conf\ninclude none.conf',
    'include_check',
    ['error 2 include-not-found', 'lenient 2 include-not-found'],
  ],
  ['include loop.conf\nz', 'l; r; z', ['error 2 include-loop']],
  ['include self.conf\nz', 'z', ['error 1 include-loop']],
  [`include ${'{a,b}'.repeat(9)}\nz`, 'z', ['error 1 include-braces']],
]

for (const [text, tree, problems = []] of rows) {
  test(`included: ${JSON.stringify(text.slice(0, 60))}`, () => {
    const file = parsed(text, { id: 'm', files })
    assert.equal(shown(file.entries), tree)
    assert.deepEqual(said(file), problems)
  })
}

test('files are named in the order of their reading, and entries by their file', () => {
  const file = parsed('include conf.d/1.conf\nz', { files })
  const folder = '/etc/keepalived'
  assert.deepEqual(file.files, [
    mainFile,
    `${folder}/conf.d/1.conf`,
    `${folder}/conf.d/2/x.conf`,
    `${folder}/a.conf`,
  ])
  assert.deepEqual(file.entries.map(placeOfEntry), [
    { file: `${folder}/conf.d/1.conf`, line: 1 },
    { file: `${folder}/conf.d/2/x.conf`, line: 1 },
    { file: `${folder}/a.conf`, line: 1 },
    { file: mainFile, line: 2 },
  ])
})

test('behind an include, the lines of a template stand where it is used', () => {
  const { entries } = parsed('$T= \\\n include a.conf \\\n z\n\n$T', { files })
  assert.deepEqual(entries.at(-1), {
    keyword: 'z',
    words: [],
    block: null,
    file: mainFile,
    line: 5,
    number: 1,
  })
})
