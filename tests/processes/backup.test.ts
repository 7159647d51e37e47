import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { splitSecrets } from '../../appliance/config/secrets.ts'
import { allSecrets, kindsWithout } from './all-secrets.ts'
import { addInterface, startBox } from './cli-box.ts'
import { inOwnNetwork } from './own-network.ts'
import { compileNative, until } from './supervisor-lab.ts'

const passphrase = 'a horse that staples'
const { secrets } = splitSecrets(allSecrets)
const words = Object.values(secrets)
/** Of the others, one stands in a command too, where nobody can know it for a secret. */
const unsaid = words.filter(word => word !== 'login of mysql')

inOwnNetwork(import.meta.filename, () => {
  compileNative()
  addInterface()

  test('backup, restore, and a bundle for others: no secret is where it should not be', async t => {
    assert.deepEqual(kindsWithout(allSecrets), [], 'kinds of secrets that this test does not have')
    const box = await startBox(t)
    const done = async (...args: readonly string[]) => {
      const { status, stdout, stderr } = await box.diarch(args, { input: passphrase })
      assert.equal(status, 0, stderr)
      return stdout
    }
    const show = async () => JSON.parse(await done('config', 'show', '--json')).document
    const [plain, sealed] = [join(box.folder, 'plain.json'), join(box.folder, 'sealed.json')]

    assert.equal((await box.diarch(['backup', plain])).status, 1, 'there is nothing yet')
    await done('config', 'apply', box.file('all.json', allSecrets), '--yes')
    const shown = await show()

    await done('backup', plain)
    await done('backup', sealed, '--secrets', '--passphrase-stdin')
    for (const file of [plain, sealed]) {
      const text = readFileSync(file, 'utf8')
      for (const word of unsaid) assert.ok(!text.includes(word), `${file} has "${word}"`)
      assert.equal(statSync(file).mode & 0o777, 0o600)
    }

    // Where the secrets are, they stay; where they are not, only their backup brings them.
    const other = {
      schemaVersion: allSecrets.schemaVersion,
      cluster: {
        users: allSecrets.cluster.users,
        services: allSecrets.cluster.services,
        checks: { page: { kind: 'tcp' } },
      },
    }
    await done('restore', plain, '--yes')
    await done('config', 'apply', box.file('other.json', other), '--yes')
    const without = await box.diarch(['restore', plain, '--yes'])
    assert.equal(without.status, 1)
    assert.match(without.stderr, /guard\.secret/)
    const wrong = await box.diarch(['restore', sealed, '--passphrase-stdin'], { input: 'a guess' })
    assert.match(wrong.stderr, /does not open this backup/)
    const plan = await done('restore', sealed, '--passphrase-stdin', '--dry-run')
    assert.match(plan, /VI_1/)
    assert.deepEqual(Object.keys((await show()).cluster.checks), ['page'])
    await done('restore', sealed, '--passphrase-stdin', '--yes')
    assert.deepEqual(await show(), shown)
    const back = JSON.parse(await done('config', 'export', '--secrets'))
    assert.equal(back.cluster.checks.radius.secret, 'of the radius')
    assert.match(await done('config', 'history'), /restored from the backup of /)

    // Somebody changes what is in clear: then the secrets do not open for it.
    const edited = JSON.parse(readFileSync(sealed, 'utf8'))
    edited.document.cluster.checks.page.kind = 'tcp'
    const forged = box.file('forged.json', edited)
    const refused = await box.diarch(['restore', forged, '--passphrase-stdin'], {
      input: passphrase,
    })
    assert.match(refused.stderr, /does not open this backup/)

    // A hook that fails is told of with its words.
    await until(
      'the hook has failed',
      () => done('events'),
      events => /false login of mysql INSTANCE/.test(events),
    )
    const bundle = join(box.folder, 'bundle.tar.gz')
    await done('support', bundle)
    const unpacked = join(box.folder, 'unpacked')
    mkdirSync(unpacked)
    execFileSync('tar', ['-xzf', bundle, '-C', unpacked, '--strip-components=1'])
    const all = execFileSync('sh', ['-c', 'find . -type f | sort | xargs cat'], {
      cwd: unpacked,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    })
    const kept = Object.values(splitSecrets(back).secrets)
    for (const word of [...words, ...kept]) assert.ok(!all.includes(word), `it has "${word}"`)
    const names = execFileSync('find', ['.', '-type', 'f'], { cwd: unpacked, encoding: 'utf8' })
    for (const name of [
      ...['README.txt', 'status.json', 'configuration.json', 'events.json', 'sysctl.txt'],
      ...['logs/supervisor.txt', 'logs/vrrpd.txt', 'kernel/net-fib_trie', 'kernel-log.txt'],
    ]) {
      assert.ok(names.includes(`./${name}\n`), `${name} is not in it: ${names}`)
    }
    const configuration = readFileSync(join(unpacked, 'configuration.json'), 'utf8')
    assert.match(configuration, /"secret": "\(not shown\)"/)
    assert.match(all, /\/bin\/false \(secret\) INSTANCE/)
    assert.match(readFileSync(join(unpacked, 'sysctl.txt'), 'utf8'), /net\.ipv4\.ip_forward = /)
  })
})
