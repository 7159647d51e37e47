import assert from 'node:assert/strict'
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ScriptQuestion } from '../../appliance/health/question.ts'
import { inOwnNetwork } from './own-network.ts'
import { asked, descriptors, fails, ownFolder, passes, target, until } from './probes-lab.ts'

inOwnNetwork(import.meta.filename, () => {
  const folder = ownFolder()
  chmodSync(folder, 0o755)
  let count = 0
  const script = (text: string, more: Partial<ScriptQuestion> = {}): ScriptQuestion => {
    const path = join(folder, `script${count++}`)
    writeFileSync(path, `#!/bin/sh\n${text}\n`)
    chmodSync(path, 0o755)
    return {
      kind: 'script',
      command: [path, 'one', '$HOME; two'],
      user: null,
      dynamic: false,
      ...more,
    }
  }
  const here = target(80)

  test('exit codes', async () => {
    await passes(script('exit 0'), here, /^exit code 0$/)
    await fails(script('exit 1'), here, 'wrong-answer', /^exit code 1$/)
    await fails(script('exit 7'), here, 'wrong-answer', /^exit code 7$/)
    await fails(script('kill -9 $$'), here, 'wrong-answer', /^it was ended by SIGKILL$/)
  })

  test('exit codes that are weights', async () => {
    const weightOf = async (code: number) => {
      const finding = await asked(script(`exit ${code}`, { dynamic: true }), here)
      return finding.kind === 'passed' ? (finding.weight?.value ?? 'unchanged') : finding.reason
    }
    const codes = [0, 1, 2, 3, 102, 255]
    const weights = await Promise.all(codes.map(weightOf))
    assert.deepEqual(weights, ['unchanged', 'wrong-answer', 0, 1, 100, 253])
  })

  test('no shell, the server in the environment, a user of its own', async () => {
    const out = join(folder, 'out')
    writeFileSync(out, '')
    chmodSync(out, 0o666)
    const text = `echo "$DIARCH_ADDRESS $DIARCH_PORT $1 $2 $(id -un)" > ${out}`
    await passes(script(text, { user: 'nobody' }), here, /^exit code 0$/)
    assert.equal(readFileSync(out, 'utf8'), '127.0.0.1 80 one $HOME; two nobody\n')
    const unknown = script('exit 0', { user: 'none-such' })
    await fails(unknown, here, 'cannot-ask', /none-such/)
    const missing = { ...script(''), command: ['/none/such'] } as const
    await fails(missing, here, 'cannot-ask', /there is no \/none/)
  })

  const processesOf = (mark: string): string[] =>
    readdirSync('/proc').filter(pid => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark)
      } catch {
        return false
      }
    })

  test('it hangs, with everything that it has started, and takes no SIGTERM', async () => {
    const text = `trap '' TERM; sleep 987654 & (trap '' TERM; sleep 987655) & wait; wait`
    await fails(script(text), here, 'timeout', /script\d+ did not end in time and was stopped$/)
    await until('all of them are gone', () => processesOf('98765').length === 0)
  })

  test('it may clean up', async () => {
    const gone = join(folder, 'cleaned')
    const text = `trap 'touch ${gone}; exit 0' TERM; while :; do sleep 0.05; done`
    await fails(script(text), here, 'timeout', /was stopped$/)
    await until('it has cleaned up', () => existsSync(gone))
  })

  test('what it leaves running ends', async () => {
    await passes(script('sleep 987657 & exit 0'), here, /^exit code 0$/)
    await until('it is gone', () => processesOf('987657').length === 0)
  })

  test('it floods its output', async () => {
    const before = process.memoryUsage().rss
    const text = 'yes | head -c 300000000; yes no 2>&1 | head -c 10000000 >&2'
    await passes(script(text), here, /^exit code 0$/)
    assert.ok(process.memoryUsage().rss - before < 100 * 1024 * 1024)
  })

  test('nothing stays open', async () => {
    const before = descriptors().length
    const all = Array.from({ length: 10 }, (_, index) => asked(script(`exit ${index}`), here))
    await Promise.all([...all, asked(script('sleep 9'), here, 200)])
    await until('all are closed', () => descriptors().length <= before)
  })

  test('a file', async () => {
    const path = join(folder, 'weight')
    const file = { kind: 'file', path } as const
    await fails(file, here, 'wrong-answer', /^there is no \S+\/weight$/)
    writeFileSync(path, '20\n')
    const finding = await passes(file, here, /weight says 20$/)
    assert.deepEqual(finding.kind === 'passed' && finding.weight, { kind: 'set', value: 20 })
    writeFileSync(path, '0')
    await fails(file, here, 'denied', /weight says 0$/)
    for (const text of ['', '-3', 'many', '65536', '1e3', '5 5', 'x'.repeat(100_000)]) {
      writeFileSync(path, text)
      await fails(file, here, 'wrong-answer', /says ".*", expected a weight from 0 to 65535$/)
    }
    await fails({ ...file, path: folder }, here, 'cannot-ask', /EISDIR/)
  })
})
