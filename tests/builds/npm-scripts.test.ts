import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { project, run } from './tree.ts'

test('npm scripts refuse an option that they do not know before they do anything', async () => {
  const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
  const own = Object.entries(scripts as Record<string, string>).filter(([, words]) =>
    /^node \S+\.ts$/.test(words),
  )
  assert.ok(own.length >= 12, `there are ${own.length}`)
  for (const [name, words] of own) {
    const [, file = ''] = words.split(' ')
    const { code, said } = await run(process.execPath, [file, '--fats'], { cwd: project })
    const script = `npm run ${name}`
    const why = `${script}: there is no option "--fats"\nAll options: ${script} -- --help\n`
    assert.deepEqual({ code, said }, { code: 2, said: why }, name)
  }
})
