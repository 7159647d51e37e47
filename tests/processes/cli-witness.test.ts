import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const program = join(import.meta.dirname, '../../appliance/cli/diarch')
const witness = (...args: readonly string[]) => {
  const { status, stderr } = spawnSync(program, ['witness', ...args], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { status, stderr }
}

test('a witness says what is wrong before it listens', t => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const good = file('good', 'this is a secret of 32 bytes, or more\n')
  const rows = [
    [[], 2, /required option '--pair <name=file>'/],
    [['--pair', 'shop'], 2, /Expected a name, "=" and a file/],
    [['--listen', '1.2.3:9', '--pair', `shop=${good}`], 2, /192\.0\.2\.9:9695/],
    [['--pair', 'shop=/nowhere'], 1, /\/nowhere cannot be read: there is no such file/],
    [['--pair', `shop=${file('bad', 'short')}`], 1, /expected 32 to 64 bytes/],
    [['--pair', `a=${good}`, '--pair', `b=${good}`], 1, /a and b have the same secret/],
    [
      ['--listen', '192.0.2.1:9695', '--pair', `a=${good}`],
      1,
      /192\.0\.2\.1:9695 cannot be opened/,
    ],
  ] as const
  for (const [args, code, words] of rows) {
    const { status, stderr } = witness(...args)
    assert.deepEqual([args, status], [args, code], stderr)
    assert.match(stderr, words)
  }
})
