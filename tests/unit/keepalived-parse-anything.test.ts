// biome-ignore-all lint/suspicious/noTemplateCurlyInString: keepalived writes names so
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mainFile, parsed, said, shown } from './keepalived-words.ts'

/** Each name is twice the one before it. */
const doubled = (lines: (name: string) => string, end: string): string =>
  Array.from({ length: 40 }, (_, index) => `$A${index}=${lines(`\${A${index + 1}}`)}`).join('\n') +
  `\n$A40=${end}\n\${A0}`

const endless: readonly [name: string, text: string, reason: string][] = [
  ['a definition of itself', '$A=x${A}\n$A', 'definition-loop'],
  ['two definitions of each other', '$A=${B}\n$B=${A}\n$A', 'definition-loop'],
  ['a template of itself', '$A= \\\n x \\\n $A\n$A', 'definition-loop'],
  ['a template that begins with itself', '$A= \\\n $A \\\n x\n$A', 'definition-loop'],
  ['a sequence of itself', '$S=~SEQ(N,1,2) $S\n$S', 'definition-loop'],
  [
    'a long template that begins with itself',
    `$A= \\\n $A \\\n${'x \\\n'.repeat(100_000)}\n$A`,
    'too-much-expansion',
  ],
  ['a condition of itself', '$A=@m ${A}\n$A x', 'definition-loop'],
  ['doubled values', doubled(name => `${name}${name}`, 'x'), 'definition-loop'],
  ['doubled templates', doubled(name => ` \\\n ${name} \\\n ${name}`, 'x'), 'too-much-expansion'],
  ['a long sequence', '~SEQ(N,1,9000000000000) x$N', 'too-much-expansion'],
  ['a long sequence of nothing', '~SEQ(N,1,9000000000000)', 'too-much-expansion'],
  ['sequences in sequences', '~SEQ(N,1,99999) '.repeat(6), 'too-much-expansion'],
  ['very many sequences in sequences', '~SEQ(N,1,2) '.repeat(500), 'definition-loop'],
  ['deep blocks', 'a {\n'.repeat(1000), 'too-deep'],
  ['deep blocks in one line', 'a{'.repeat(5000), 'too-deep'],
  ['a line of braces', `${'a{}'.repeat(5000)}\n${'{}'.repeat(8000)}`, 'too-much-expansion'],
  ['a file of nothing but wrong', '}\n'.repeat(20_000), 'too-many-problems'],
  ['more lines than a configuration has', 'a\n'.repeat(600_000), 'too-large'],
  ['a larger file than a configuration is', '\n'.repeat(9_000_000), 'too-large'],
  ['a file of includes', 'include x.conf\n'.repeat(2000), 'too-many-files'],
]

for (const [name, text, reason] of endless) {
  test(`an end: ${name}`, () => {
    const file = parsed(text, { id: 'm', files: { '/etc/keepalived/x.conf': 'x' } })
    const reasons = file.problems.map(problem => problem.reason)
    assert.ok(reasons.includes(reason), `expected ${reason}, not ${reasons.slice(0, 3).join(', ')}`)
  })
}

test('lines that a sequence makes are worth four written ones: each has the work of one', () => {
  const servers = (most: number) =>
    `x {\n ~SEQ(n, 1, ${most}) real_server 10.0.0.1 $n { TCP_CHECK }\n}`
  // What people have: five thousand servers with their checks.
  assert.deepEqual(said(parsed(servers(5000))), [])
  const { entries, problems } = parsed(servers(1_000_000))
  assert.deepEqual(
    problems.map(({ reason }) => reason),
    ['too-much-expansion'],
  )
  const made = entries[0]?.block?.length ?? 0
  assert.ok(made > 5000 && made < 15_000, `${made} servers`)
  assert.equal(parsed('a b\n'.repeat(190_000)).problems.length, 0)
})

test('includes that double have an end', () => {
  const folder = '/etc/keepalived'
  const files: Record<string, string> = { [`${folder}/40.conf`]: 'x' }
  for (let at = 0; at < 40; at++) {
    files[`${folder}/${at}.conf`] = `include ${at + 1}.conf\n`.repeat(2)
  }
  const problems = said(parsed('include 20.conf', { files }))
  assert.deepEqual(problems, ['unread 2 too-many-files'])
})

const pieces = [
  '\n',
  '\n',
  '\n',
  ' ',
  ' ',
  '\t',
  '\r\n',
  '{',
  '}',
  '{',
  '}',
  '"',
  "'",
  '\\',
  ' \\\n',
  '#',
  '!',
  '@',
  '@m ',
  '@^',
  '$',
  '${',
  '$A',
  '${A}',
  '${B 1 2}',
  '$A=',
  '$B= \\\n',
  '~SEQ(',
  '~SEQ(A,1,3) ',
  '~SEQx(B,',
  '~LST(A,x,y) ',
  '~LST({A,B},{1,2}) ',
  ',',
  ')',
  '(',
  '=',
  '~',
  'x',
  '1',
  'a b',
  'include ',
  'include x.conf\n',
  'includem *',
  'include {',
  '${_PWD}',
  '${_RANDOM 1 2}',
  '${_ENV A}',
  'script ',
  '\ufeff',
  '\0',
  '\u00a0',
  '\v',
  '\f',
]

const soup = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...pieces) }, fc.string()), {
    maxLength: 60,
  })
  .map(parts => parts.join(''))

test('whatever stands in a file, there is a tree or a problem, and no throw', () => {
  fc.assert(
    fc.property(soup, soup, (text, other) => {
      const file = parsed(text, { id: 'm', files: { '/etc/keepalived/x.conf': other } })
      assert.equal(file.files[0], mainFile)
      for (const { place, text: why } of file.problems) {
        assert.ok(place.line >= 1)
        assert.notEqual(why, '')
      }
    }),
    { numRuns: 3000 },
  )
})

type Tree = { readonly words: readonly string[]; readonly block: readonly Tree[] | null }

const name = fc.stringMatching(/^[a-z0-9][a-z0-9./:_%-]{0,11}$/)

const { tree } = fc.letrec<{ tree: Tree }>(tie => ({
  tree: fc.record({
    words: fc.array(name, { minLength: 1, maxLength: 4 }),
    block: fc.option(fc.array(tie('tree'), { maxLength: 4 }), { maxDepth: 4, depthSize: 'small' }),
  }),
}))

const layouts = [
  { before: '', brace: ' {\n', end: '\n', comment: '' },
  { before: '\t', brace: '\n\n{ # opens\n', end: ' \r\n', comment: ' ! "note' },
  { before: '  ', brace: '{', end: '\n', comment: '#' },
]

function written(trees: readonly Tree[], layout: (typeof layouts)[number]): string {
  const { before, brace, end, comment } = layout
  const line = ({ words, block }: Tree): string => {
    const head = before + words.join(' \t')
    return block === null
      ? `${head}${comment}${end}`
      : `${head}${brace}${written(block, layout)}}${end}`
  }
  return trees.map(line).join('')
}

const plain = ({ words, block }: Tree): string => {
  const line = words.join(' ')
  if (block === null) return line
  return `${line} {${block.length === 0 ? '' : ` ${block.map(plain).join('; ')} `}}`
}

test('a tree comes back from its text, however it is laid out', () => {
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 5 }), fc.constantFrom(...layouts), (trees, layout) => {
      // A word that begins with "include" would be one.
      fc.pre(!written(trees, layout).includes('include'))
      const file = parsed(written(trees, layout))
      assert.equal(shown(file.entries), trees.map(plain).join('; '))
      assert.deepEqual(file.problems, [])
    }),
    { numRuns: 500 },
  )
})
