// biome-ignore-all lint/suspicious/noTemplateCurlyInString: keepalived writes names so
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mainFile, parsed, said, shown, type World } from './keepalived-words.ts'

type Row = readonly [text: string, tree: string, problems?: readonly string[], world?: World]

function table(name: string, rows: readonly Row[]): void {
  for (const [text, tree, problems = [], world = {}] of rows) {
    test(`${name}: ${JSON.stringify(text.slice(0, 60))}`, () => {
      const file = parsed(text, world)
      assert.equal(shown(file.entries), tree)
      assert.deepEqual(said(file), problems)
    })
  }
}

table('comments', [
  ['', ''],
  ['# all\n! of it\n\t # a comment', ''],
  ['state MASTER # first\npriority 100!second', 'state MASTER; priority 100'],
  ['auth_pass "a#b!c" # d', 'auth_pass a#b!c'],
  ['auth_pass a\\#b\\!c', 'auth_pass a#b!c'],
  ['auth_pass "a\\#b"', 'auth_pass a\\#b'],
  ['state MASTER # it is "quoted', 'state MASTER'],
  ["script '/bin/a # b", 'script /bin/a', ['error 1 unterminated-quote']],
])

table('lines', [
  ['a b\r\nc {\r\n d\r\n}\r\n', 'a b; c { d }'],
  ['\tstate\t MASTER \t\n', 'state MASTER'],
  ['a b', 'a b'],
  ['\ufeffa b\nc', 'a b; c', ['lenient 1 byte-order-mark']],
  [
    'lvs_sync_daemon eth0 \\\n  id 5 \\\n  ttl 2\na',
    'lvs_sync_daemon eth0 id 5 ttl 2; a',
    ['lenient 1 line-continued'],
  ],
  ['a # to be continued \\\nb', 'a; b', ['lenient 1 line-continued']],
  ['# a comment \\\nb', 'b', ['lenient 1 line-continued']],
  ['a \\', 'a', ['lenient 1 line-continued']],
  [`${'a'.repeat(20_000)}\nb`, 'b', ['error 1 line-too-long']],
])

table('words and quotes', [
  ['router_id "a b" c', 'router_id "a b" c'],
  ['a"b c"d ""', 'a "b c" d ""'],
  ["router_id 'a b'", `router_id "'a" "b'"`],
  ['a "b c\nd', 'a "b c"; d', ['error 1 unterminated-quote']],
  ['router_id a\\b', 'router_id a\\b'],
  ['script "/bin/a \'b c\'" root', `script "/bin/a 'b c'" root`],
  [`notify_up '/bin/a "b"' x"y z"w`, `notify_up "/bin/a \\"b\\"" "xy zw"`],
  ['misc_path "/bin/a \\"b c\\""', 'misc_path "/bin/a \\"b c\\""'],
  ['regex \\x41\\102\\cA\\\\\\.\\ d', 'regex "AB\\u0001\\\\. d"'],
  ['regex "a\\a\\b\\E\\f\\n\\r\\t\\v"', 'regex "a\\u0007\\b\\u001b\\f\\n\\r\\t\\u000b"'],
])

table('braces', [
  ['a {\n b {\n  c d\n }\n}\ne', 'a { b { c d } }; e'],
  ['a\n{\n b\n\n {\n }\n}', 'a { b {} }'],
  ['track_interface { eth0 }', 'track_interface { eth0 }'],
  ['virtual_ipaddress {10.0.0.1/24 dev eth0}', 'virtual_ipaddress { 10.0.0.1/24 dev eth0 }'],
  ['a{b{c}}d', 'a { b { c } }; d'],
  ['url {\n path "/{x}"\n} url { path / }', 'url { path /{x} }; url { path / }'],
  [
    'real_server 10.0.0.1 80 { TCP_CHECK {',
    'real_server 10.0.0.1 80 { TCP_CHECK {} }',
    ['error 1 missing-brace'],
  ],
  ['a\n}\nb', 'a; b', ['error 2 extra-brace']],
  ['{ a }\nb', 'a; b', ['error 1 unexpected-brace']],
  ['a { b } { c }\nd', 'a { b }; c; d', ['error 1 unexpected-brace']],
])

table('conditions', [
  ['@main priority 150\n@back priority 50\na', 'priority 150; a', [], { id: 'main' }],
  ['@^main priority 150\n@^back priority 50', 'priority 50', [], { id: 'main' }],
  [
    'unicast_peer { @^main 10.0.0.1\n @^back 10.0.0.2\n}',
    'unicast_peer { 10.0.0.2 }',
    [],
    { id: 'main' },
  ],
  [
    '@main @main a\n@main @back b',
    'a',
    ['lenient 1 nested-condition', 'lenient 2 nested-condition'],
    { id: 'main' },
  ],
  ['@main a\n@^main b', 'b', ['lenient 1 no-config-id']],
  [
    '@main\n@ a\n@^\n@!main a',
    '',
    [1, 2, 3, 4].map(line => `lenient ${line} incomplete-condition`),
    { id: 'main' },
  ],
  ['@main $P=240\n@back $P=200\npriority $P', 'priority 240', [], { id: 'main' }],
  ['@back $P= \\\n a \\\n b\nc', 'c', [], { id: 'main' }],
  ['$MAIN=@main\n$MAIN a\n$BACK=@back\n$BACK b', 'a', [], { id: 'main' }],
])

table('definitions', [
  ['$P=100\npriority $P\nweight ${P}0', 'priority 100; weight 1000'],
  ['$A=10.2.${B}\n$B=0\nx ${A}.1\n$B=10\nx ${A}.1', 'x 10.2.0.1; x 10.2.10.1'],
  ['$A="b c"\nscript $A\n$A=\nd${A}e', 'script "b c"; de'],
  ['  $A=1 # one\nx $A,$A)', 'x 1,1)'],
  [
    '$A=1\nx $A.5 $AB ${A }',
    'x $A.5 $AB 1',
    ['lenient 2 unknown-definition', 'lenient 2 unknown-definition'],
  ],
  [
    'x $B\ny ${B}\nz "${B} $1"',
    'x $B; y ${B}; z "${B} $1"',
    ['lenient 1 unknown-definition', 'error 2 unknown-definition', 'lenient 3 unknown-definition'],
  ],
  ['$A = 1\nx', 'x', ['error 1 spaced-definition']],
  ['$A=b { c }\nx $A', 'x b { c }'],
  [
    '$A= \\\n b \\\n # note \\\n c ${N} { d }\n$N=1\n$A\n$N=2\nx $A',
    'b; c 1 { d }; x b; c 2 { d }',
  ],
  ['$A=b \\\n c\n$A', 'b; c'],
  ['$A= \\\n b \\\n\n c\n$A', 'c; b', ['lenient 3 ended-by-empty-line']],
  ['$A= \\\n b \\\n c\n$A x', '$A x', ['error 4 definition-not-last']],
  [
    [
      '$RS= \\\n real_server ${N} { \\\n }',
      '$VS= \\\n virtual_server ${V} { \\\n $N=1 \\\n $RS \\\n $N=2 \\\n $RS \\\n }',
      '$V=a\n$VS\n$V=b\n$VS',
    ].join('\n'),
    ['a', 'b'].map(v => `virtual_server ${v} { real_server 1 {}; real_server 2 {} }`).join('; '),
  ],
  ['$A= \\\n $B \\\n c\n$B= \\\n d \\\n e\n$A', 'd; e; c'],
])

table('names that are there', [
  ['x "${_PWD}/a" ${_HASH}${_BANG} b # c', 'x /etc/keepalived/a #! b'],
  ['x ${_INSTANCE}', 'x main', [], { id: 'main' }],
  ['x ${_INSTANCE}', 'x ${_INSTANCE}', ['error 1 unknown-definition']],
  ['x ${_ENV ZONE}', 'x west', [], { environment: { ZONE: 'west' } }],
  ['x ${_ENV ZONE}', 'x ${_ENV ZONE}', ['error 1 unknown-definition']],
  [
    'x ${_RANDOM} ${_RANDOM 5} ${_RANDOM 7 9}',
    'x 0 5 7',
    ['lenient 1 random-value', 'lenient 1 random-value', 'lenient 1 random-value'],
  ],
  ['$_PWD=a\nx ${_PWD}', 'x a'],
])

table('sequences', [
  ['~SEQ(N, 0, 3) a$N', 'a0; a1; a2; a3'],
  ['~SEQ(N, 3) a$N\n~SEQ(N, -2) b$N\n~SEQ(N,0) c$N', 'a1; a2; a3; b-1; b-2; c1; c0'],
  ['~SEQ(N, 3, 1) a$N\n~SEQ(N, 168, 2, 172) b$N', 'a3; a2; a1; b168; b170; b172'],
  ['~SEQx(N, 0x90, 0x10, 0xc0) fe80::${N}:1', 'fe80::90:1; fe80::a0:1; fe80::b0:1; fe80::c0:1'],
  ['~SEQ(N, 010, 011) a$N', 'a8; a9'],
  ['~SEQ(A,1,2) ~SEQ(B,1,2) a${A}_$B', 'a1_1; a1_2; a2_1; a2_2'],
  ['$L=2\n~SEQ(N, 1, $L) a$N', 'a1; a2'],
  ['$S=~SEQ(N,1,2) a$N\n$S', 'a1; a2'],
  ['~SEQ(N,1,2) x$N\n$S=~SEQ(N,3,4) a$N\n$S', 'x1; x2; a3; a4'],
  ['$T= \\\n a${N} { \\\n b \\\n }\n~SEQ(N,1,2) $T', 'a1 { b }; a2 { b }'],
  ['x {\n ~SEQ(N,1,2) a${N} { b }\n}', 'x { a1 { b }; a2 { b } }'],
  ['~LST(N, a, b) x$N', 'xa; xb'],
  ['~LST({A, B}, {10,1}, {20,4}) 192.168.${A}.${B}', '192.168.10.1; 192.168.20.4'],
  ['~LST(A,1,2) ~SEQ(B,5,6) ${A}.${B}', '1.5; 1.6; 2.5; 2.6'],
  ...[
    '~SEQ(N) a',
    '~SEQ(N,a) a',
    '~SEQ(N,1,0,5) a',
    '~SEQ(N,5,1,1) a',
    '~SEQ(N,1,2,3,4) a',
    '~SEQ(1,2) a',
    '~SEQx(N,-1,1) a',
    '~SEQ(N,1,2 a',
    '~LST(N) a',
    '~LST(N,"a b",c) a',
    '~LST({A,B},{1}) a',
    '~LST({A,B},{1,{2}) a',
  ].map((text): Row => [text, '', ['error 1 invalid-sequence']]),
  ['x ~SEQ(N,1,2)', 'x ~SEQ(N,1,2)', ['error 1 invalid-sequence']],
])

test('an entry stands where its line is used, not where its template was written', () => {
  const { entries } = parsed('$A= \\\n b { \\\n c \\\n }\n\n$A')
  assert.deepEqual(
    [entries[0]?.line, entries[0]?.block?.[0]?.line, entries[0]?.file],
    [6, 6, mainFile],
  )
})

test('a problem says what is wrong', () => {
  const texts = parsed('@a b\n}\nx ${C}\n~SEQ(N) a').problems.map(({ text }) => text)
  assert.deepEqual(texts, [
    'this line is for @a, and no id was given',
    'this } closes nothing',
    'nothing defines ${C}: it stays as it is',
    'expected ~SEQ(NAME, start, step, end) with whole numbers, not "~SEQ(N) a"',
  ])
})
