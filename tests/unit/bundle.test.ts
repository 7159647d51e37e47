import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { bundle } from '../../rootfs/bundle.ts'

const root = mkdtempSync(join(tmpdir(), 'diarch-bundle-'))
after(() => rmSync(root, { recursive: true, force: true }))

/** Names and contents, without the folder they were made for. */
async function bundleInto(name: string): Promise<Map<string, string>> {
  const out = join(root, name)
  const files = await bundle(out)
  return new Map([...files.keys()].map(path => [relative(out, path), readFileSync(path, 'latin1')]))
}

test('the same sources give the same bytes, wherever they go', async () => {
  const first = await bundleInto('first')
  const second = await bundleInto('somewhere/else')
  assert.deepEqual([...first.keys()].sort(), [...second.keys()].sort())
  for (const [name, content] of first) {
    assert.ok(content === second.get(name), `${name} differs`)
    assert.ok(!content.includes(resolve('.')), `${name} tells where it was built`)
    if (name.endsWith('.js')) assert.match(content, /^[\0-\x7f]*$/, `${name} is not ASCII`)
  }
})

test('it holds a program for each process, a page, and what is inside', async () => {
  const files = await bundleInto('first')
  for (const name of [
    'supervisor.js',
    'web.js',
    'pair.js',
    'console.js',
    'cli.js',
    'conversion-worker.js',
    'web-ui/index.html',
  ]) {
    assert.ok(files.has(name), name)
  }
  const html = files.get('web-ui/index.html') ?? ''
  for (const [, path = ''] of html.matchAll(/"(\/[^"]+)"/g)) {
    assert.ok(files.has(`web-ui${path}`), `the page names ${path}`)
  }
  const packages = JSON.parse(files.get('packages.json') ?? '') as { name: string }[]
  const names = packages.map(({ name }) => name)
  for (const name of ['express', 'helmet', 'preact']) assert.ok(names.includes(name), name)
  for (const name of ['typescript', 'esbuild', 'playwright-core']) {
    assert.ok(!names.includes(name), name)
  }
  const licenses = files.get('licenses.txt') ?? ''
  for (const name of names) assert.match(licenses, new RegExp(`^${name} \\d`, 'm'))
})

test('what the page loads first is small, and the schema is not among it', async () => {
  const files = await bundleInto('first')
  const html = files.get('web-ui/index.html') ?? ''
  const first = ['/index.html', ...[...html.matchAll(/"(\/[^"]+)"/g)].map(([, path]) => path)]
  const sizes = first.map(path => gzipSync(files.get(`web-ui${path}`) ?? '').length)
  const bytes = sizes.reduce((sum, size) => sum + size)
  assert.ok(first.length > 2 && bytes < 150_000, `${bytes} bytes in ${first}`)
  assert.ok(!first.includes('/configuration-schema.json'))
  const schema = JSON.parse(files.get('web-ui/configuration-schema.json') ?? '')
  assert.ok('cluster' in schema.properties)
})

test('what an earlier run left behind goes', async () => {
  await bundleInto('first')
  const stale = join(root, 'first/web-ui/assets/old.js')
  writeFileSync(stale, '')
  await bundleInto('first')
  assert.ok(!existsSync(stale))
})

test('a bundled program runs', async () => {
  await bundleInto('first')
  const help = execFileSync(process.execPath, [join(root, 'first/cli.js'), '--help'], {
    encoding: 'utf8',
  })
  assert.match(help, /^Usage: diarch /)
})
