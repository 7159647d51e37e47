import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseDocument } from '../../appliance/config/document.ts'
import { temporaryFolder, tree } from './supervisor-lab.ts'
import { cli } from './supervisor-run.ts'

const diarch = (...args: string[]) =>
  spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', cwd: tree })

/** Of a finding: where the file stands in a document, where in a keepalived.conf. */
type Named = { readonly file?: string; readonly place: { readonly file: string } }

const conf = (priority: number, peer: string) => `include conf.d/*.conf
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority ${priority}
    @one advert_int 2
    @other advert_int 2
    unicast_peer { ${peer} }
    virtual_ipaddress { 192.0.2.100/24 }
    auth_pass x
}
`

function files() {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'conf.d'))
  writeFileSync(join(folder, 'conf.d/script.conf'), 'vrrp_script chk { script "/bin/true" }\n')
  const paths = { one: join(folder, 'one.conf'), other: join(folder, 'other.conf') }
  writeFileSync(paths.one, conf(150, '10.0.0.2'))
  writeFileSync(paths.other, conf(100, '10.0.0.1'))
  return { ...paths, to: (name: string) => join(folder, name) }
}

test('diarch import: the document, what became of the lines, exit code 4', () => {
  const { one, to } = files()
  const { stdout, stderr, status } = diarch('import', one, '--id', 'one')
  assert.equal(status, 4, stderr)
  assert.equal(parseDocument(stdout).kind, 'document')
  const { cluster } = JSON.parse(stdout)
  assert.equal(cluster.routers.VI_1.advertInterval, '2s')
  assert.deepEqual(cluster.trackers.chk.command, ['/bin/true'])
  assert.match(stderr, /one\.conf:10: auth_pass: unsupported: .*"auth_pass"/)
  assert.deepEqual(
    Array.from(stderr.matchAll(/^\S+one\.conf:(\d+): /gm), ([, line]) => Number(line)),
    [2, 7, 8, 10],
  )
  assert.match(stderr, /^\d+ applied, \d+ translated, 1 ignored, 1 unsupported$/m)

  const idle = diarch('import', one, '--confirm', '2m')
  assert.equal(idle.status, 2)
  assert.match(idle.stderr, /--confirm goes with --apply: without it nothing is put in force$/m)

  const strict = diarch('import', one, '--strict', '--output', to('strict.json'))
  assert.deepEqual([strict.status, strict.stdout], [5, ''], strict.stderr)
  assert.equal(existsSync(to('strict.json')), false)
})

test('diarch import of a pair: two documents with one cluster', () => {
  const { one, other, to } = files()
  const [own, peers] = [to('one.json'), to('other.json')]
  const result = diarch('import', one, other, '--output', own, '--peer-output', peers)
  assert.equal(result.status, 4, result.stderr)
  const [a, b] = [own, peers].map(path => JSON.parse(readFileSync(path, 'utf8')))
  assert.deepEqual(a.cluster, b.cluster)
  assert.deepEqual(
    [a, b].map(({ node }) => node.routers.VI_1.priority),
    [150, 100],
  )
  assert.equal(statSync(own).mode & 0o777, 0o600)
  assert.doesNotMatch(result.stderr, /written nowhere/)
  for (const args of [[], ['--output', to('own.json')]]) {
    const half = diarch('import', one, other, ...args)
    assert.equal(half.status, 4)
    assert.match(half.stderr, /other node is written nowhere: --peer-output FILE does it$/m)
  }
  const { documents, findings } = JSON.parse(diarch('import', one, other, '--json').stdout)
  assert.deepEqual(documents, [a, b])
  assert.ok(findings.some(({ outcome }: { outcome: string }) => outcome === 'applied'))
})

test('diarch check: our document and theirs', () => {
  const { one, to } = files()
  const good = join(tree, 'docs/examples/first-pair.json')
  assert.deepEqual([diarch('check', good).status, diarch('check', one).status], [0, 4])
  const bad = to('bad.json')
  writeFileSync(
    bad,
    readFileSync(good, 'utf8').replace('"virtualRouterId": 51', '"virtualRouterId": 0'),
  )
  const { stdout, status } = diarch('check', bad)
  assert.equal(status, 5)
  assert.match(stdout, /bad\.json:\d+:\d+: error: cluster\.routers\.\S+\.virtualRouterId is 0/)
  const gone = diarch('check', to('gone.json'))
  assert.equal(gone.status, 1)
  assert.match(gone.stderr, /^diarch: \S+gone\.json cannot be read: there is no such file$/m)
  const two = diarch('check', good, one, bad, '--json')
  assert.equal(two.status, 5)
  const named = JSON.parse(two.stdout).map(({ file, place }: Named) => file ?? place.file)
  assert.deepEqual([...new Set(named)].slice(-2), [one, bad])
  const piped = spawnSync(process.execPath, [cli, 'check', '-'], { input: readFileSync(good) })
  assert.equal(`${piped.stdout}`, 'standard input is good\n')
})

test('diarch check: an empty file is not good', () => {
  const { to } = files()
  for (const [name, text, code, words] of [
    ['empty.json', '', 5, /empty\.json:1:1: error: expected a value/],
    ['empty.conf', '', 5, /empty\.conf:1: refused: there is nothing in it/],
    ['comments.conf', '# nothing\n', 5, /refused: there is nothing in it/],
  ] as const) {
    writeFileSync(to(name), text)
    const { stdout, status } = diarch('check', to(name))
    assert.equal(status, code, name)
    assert.match(stdout, words)
  }
  const none = diarch('import', to('empty.conf'))
  assert.deepEqual([none.status, none.stdout], [5, ''])
  const ours = diarch('import', join(tree, 'docs/examples/first-pair.json'))
  assert.deepEqual([ours.status, ours.stdout], [5, ''])
  assert.match(
    ours.stderr,
    /first-pair\.json is a document and no keepalived\.conf: "diarch config apply /,
  )
})

test('diarch run says what to do with a keepalived.conf, and what is wrong with a document', () => {
  const { one, to } = files()
  const theirs = diarch('run', '--config', one)
  assert.equal(theirs.status, 5)
  assert.match(theirs.stderr, /one\.conf is a keepalived\.conf: "diarch import \S+ --apply" brings/)
  const good = readFileSync(join(tree, 'docs/examples/first-pair.json'), 'utf8')
  writeFileSync(to('bad.json'), good.replace('"virtualRouterId": 51', '"virtualRouterId": 0'))
  const { stderr, status } = diarch('run', '--config', to('bad.json'))
  assert.equal(status, 5)
  assert.match(stderr, /^diarch: \S+bad\.json:\d+:\d+: cluster\S+virtualRouterId is 0, [^\n]*\n$/)
  const folder = diarch('run', '--state', one)
  assert.deepEqual([folder.status, folder.stderr.includes('a folder was expected')], [1, true])
})

test('diarch import says once what it has to say of many lines; --json says it of each', () => {
  const { to } = files()
  const path = to('globals.conf')
  const words = [
    'vrrp_no_swap',
    'vrrp_priority 1',
    'umask 022',
    'random_seed 7',
    'log_unknown_vrids',
  ]
  for (const file of [path, to('other.conf')]) {
    writeFileSync(file, `global_defs {\n${words.join('\n')}\n}\n`)
  }
  const { stderr, status } = diarch('import', path, '--output', to('globals.json'))
  assert.equal(status, 0, stderr)
  const [first, counts, ...others] = stderr.trim().split('\n')
  assert.match(
    first ?? '',
    /globals\.conf:2: vrrp_no_swap: ignored: .* \[and of 4 more lines: --json has them\]$/,
  )
  assert.deepEqual([counts, others], ['1 applied, 5 ignored', []])
  const check = diarch('check', path)
  assert.deepEqual(check.stdout.trim().split('\n'), [first, counts])
  const both = diarch('import', path, path.replace('globals', 'other'))
  assert.equal(both.stderr.match(/of 4 more lines/g)?.length, 2, both.stderr)
  const { findings } = JSON.parse(diarch('import', path, '--json').stdout)
  assert.equal(findings.length, 6)
})

test('diarch import looks into check scripts', () => {
  const { to } = files()
  const script = to('check.sh')
  writeFileSync(script, '#!/bin/sh\npidof nginx || killall keepalived\n')
  writeFileSync(to('script.conf'), `vrrp_script chk {\nscript ${script}\n}\n`)
  const { stderr } = diarch('import', to('script.conf'), '--output', to('script.json'))
  assert.match(
    stderr,
    /script\.conf:2: script: translated: .*check\.sh ends keepalived, which is not here/,
  )
})
