import assert from 'node:assert/strict'
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { startScripts } from './scripts-process.ts'

before(() => {
  assert.equal(process.getuid?.(), 0, 'run these tests as root: only root can become others')
})

function write(path: string, mode: number, text = '#!/bin/sh\n', user = 0, group = 0): void {
  writeFileSync(path, text)
  chmodSync(path, mode)
  chownSync(path, user, group)
}

for (const [name, prepare, expected] of [
  ['missing', () => {}, /check cannot be run: there is no \S+\/check$/],
  [
    'not executable',
    path => write(path, 0o644),
    /check cannot be run: its mode is 0644 \(chmod \+x \S+\/check\)$/,
  ],
  ['a folder', path => mkdirSync(path), /check cannot be run: it is not a file$/],
  [
    'writable by others',
    path => write(path, 0o757),
    /check does not run as root: \S+\/check has mode 0757, others may write there \(chmod go-w/,
  ],
  [
    'writable by a group that is not root’s',
    path => write(path, 0o775, '', 0, 7),
    /check does not run as root: \S+\/check has mode 0775, others may write there/,
  ],
  [
    'of another user',
    path => write(path, 0o755, '', 7),
    /check does not run as root: \S+\/check belongs to user 7 \(chown root/,
  ],
  [
    'reached by a link through a folder where others write',
    path => {
      mkdirSync(`${path}.d`)
      write(`${path}.d/real`, 0o755)
      chmodSync(`${path}.d`, 0o777)
      symlinkSync(`${path}.d/real`, path)
    },
    /check does not run as root: \S+\/check\.d has mode 0777, others may write there/,
  ],
  [
    'a link to itself',
    path => symlinkSync('check', path),
    /check cannot be run: its links lead in a circle$/,
  ],
  [
    'without its interpreter',
    path => write(path, 0o755, '#!/bin/none\n'),
    /check cannot be run: the interpreter in its first line is missing$/,
  ],
] as const satisfies readonly (readonly [string, (path: string) => void, RegExp])[]) {
  test(`refused: a script that is ${name}`, async t => {
    const scripts = await startScripts(t)
    const path = join(scripts.folder, 'check')
    prepare(path)
    scripts.configure({ trackers: [scripts.tracker({ command: [path] })] })
    assert.match((await scripts.untilState('check', 'down')).why, expected)
  })
}

test('a script that is repaired runs without a new configuration', async t => {
  const scripts = await startScripts(t)
  const path = scripts.script('check', 'exit 0', 0o777)
  scripts.configure({ trackers: [scripts.tracker({ command: [path] })] })
  await scripts.untilState('check', 'down')
  chmodSync(path, 0o755)
  await scripts.untilState('check', 'up')
})

test('what another user runs may be written by others: it is no way to become root', async t => {
  const scripts = await startScripts(t)
  const path = scripts.script('check', 'exit 0', 0o777)
  scripts.configure({ trackers: [scripts.tracker({ command: [path], user: 'nobody' })] })
  await scripts.untilState('check', 'up')
})

test('refused: a user that does not exist, and one who may not reach the script', async t => {
  const scripts = await startScripts(t)
  const path = scripts.script('check', 'exit 0', 0o700)
  const command = [path] as const
  scripts.configure({
    trackers: [
      scripts.tracker({ command, user: 'no-such-user' }),
      scripts.tracker({ name: 'closed', command, user: 'nobody' }),
    ],
  })
  assert.match((await scripts.untilState('check', 'down')).why, /no user "no-such-user"/)
  assert.match((await scripts.untilState('closed', 'down')).why, /user nobody has no right to/)
})
