import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { bundlePage } from '../../rootfs/bundle.ts'
import { addInterface, pair, startBox } from './cli-box.ts'
import { inOwnNetwork } from './own-network.ts'
import { compileNative, tree } from './supervisor-lab.ts'

inOwnNetwork(import.meta.filename, () => {
  before(async () => {
    addInterface()
    compileNative()
    await bundlePage(join(tree, 'build/lib'))
  })

  test('users: made, changed, removed; passwords never shown', async t => {
    const { diarch } = await startBox(t)
    assert.match(
      (await diarch(['user', 'list'])).stdout,
      /^there are no users: nobody can log in$/m,
    )
    const password = { input: 'correct horse\n' }
    const set = (...args: string[]) => diarch(['user', 'set', 'grace', ...args], password)
    assert.equal((await set('--password-stdin')).status, 2, 'a new user needs a role')
    const nothing = await set('--role', 'viewer')
    assert.equal(nothing.status, 2)
    assert.match(nothing.stderr, /a new user needs a password: --password-stdin reads it/)
    assert.equal((await set('--role', 'king', '--password-stdin')).status, 2)

    const admin = await diarch(
      ['user', 'set', 'root', '--role', 'admin', '--password-stdin'],
      password,
    )
    assert.deepEqual([admin.status, admin.stdout], [0, 'root is admin\n'], admin.stderr)
    await set('--role', 'viewer', '--password-stdin')
    const changed = await set('--role', 'operator')
    assert.equal(changed.stdout, 'grace is operator, with the password as it was\n')
    const users = JSON.parse((await diarch(['user', 'list', '--json'])).stdout)
    const [first, second] = [
      { user: 'grace', role: 'operator' },
      { user: 'root', role: 'admin' },
    ]
    assert.deepEqual(users, [second, first])
    assert.doesNotMatch((await diarch(['config', 'export', '--secrets'])).stdout, /correct horse/)
    const short = await diarch(['user', 'set', 'bob', '--role', 'viewer', '--password-stdin'], {
      input: 'short\n',
    })
    assert.notEqual(short.status, 0)
    assert.match(short.stderr, /a password of 8 to 128 characters/)
    for (const args of [
      ['remove', 'root'],
      ['set', 'root', '--role', 'viewer'],
    ]) {
      const refused = await diarch(['user', ...args])
      const words = 'diarch: one user has to stay admin: make another one first\n'
      assert.deepEqual([refused.status, refused.stderr], [5, words], args.join(' '))
    }
    assert.equal((await diarch(['user', 'remove', 'grace'])).stdout, 'grace is removed\n')
    assert.equal((await diarch(['user', 'remove', 'grace'])).status, 1)
    for (const args of [
      ['user', 'set', 'bad name', '--role', 'viewer'],
      ['user', 'remove', 'bad name'],
      ['token', 'create', 'bad name', '--role', 'viewer'],
      ['token', 'remove', 'bad name'],
    ]) {
      const refused = await diarch(args)
      assert.equal(refused.status, 2, args.join(' '))
      assert.match(refused.stderr, /^diarch: "bad name" is no name: expected a name of 1 to 64 let/)
    }
    const audit = (await diarch(['audit'])).stdout
    assert.match(audit, /^20.* UTC +ada .*setUser grace +done, revision 2$/m)
  })

  test('tokens: shown once, on standard output alone', async t => {
    const { diarch } = await startBox(t)
    await diarch(['user', 'set', 'root', '--role', 'admin', '--password-stdin'], {
      input: 'correct horse',
    })
    const made = await diarch(['token', 'create', 'backup', '--role', 'viewer', '--expires', '30d'])
    assert.equal(made.status, 0, made.stderr)
    assert.match(made.stdout, /^\S{20,}\n$/)
    assert.match(made.stderr, /^backup is viewer, until 20.*Z\. Keep it now/)
    const { stdout } = await diarch(['token', 'list', '--json'])
    const [token] = JSON.parse(stdout)
    const days = (Date.parse(token.expires) - Date.now()) / 86_400_000
    assert.ok(days > 29.9 && days < 30.1, token.expires)
    assert.ok(!stdout.includes(made.stdout.trim()))
    assert.equal(
      (await diarch(['token', 'create', 'x', '--role', 'viewer', '--expires', '5'])).status,
      2,
    )
    assert.equal((await diarch(['token', 'remove', 'backup'])).status, 0)
    assert.equal((await diarch(['token', 'list'])).stdout, 'there are no tokens\n')
  })

  test('a keepalived.conf comes in, and the users stay', async t => {
    const { diarch, file } = await startBox(t)
    await diarch(['config', 'apply', file('pair.json', pair({ priority: 99 }))])
    await diarch(['user', 'set', 'grace', '--role', 'admin', '--password-stdin'], {
      input: 'correct horse',
    })
    const conf = file(
      'keepalived.conf',
      `vrrp_instance VI_9 {
        interface wan
        virtual_router_id 9
        priority 150
        virtual_ipaddress { 192.0.2.109/24 }
        vrrp_strikt
      }
      global_defs {
        notification_email { them@example.com }
      }\n`,
    )
    const own = {
      kind: 'mail',
      server: '192.0.2.25',
      from: 'us@example.com',
      to: ['us@example.com'],
    }
    const channel = 'cluster.alerts.channels.mail'
    const set = await diarch([
      'config',
      'set',
      'cluster.alerts',
      JSON.stringify({ channels: { mail: own } }),
    ])
    assert.equal(set.status, 0, set.stderr)
    const args = ['import', conf, '--apply']
    const rehearsal = await diarch([...args, '--dry-run'])
    assert.equal(rehearsal.status, 4, rehearsal.stderr)
    assert.match(rehearsal.stdout, /^a dry run/m)
    const done = await diarch([...args, '--confirm', '5m'])
    assert.equal(done.status, 4, done.stderr)
    assert.match(done.stderr, /keepalived\.conf:6: vrrp_strikt: unsupported: /)
    const kept =
      /keepalived\.conf:9: notification_email: unsupported: this box has a channel "mail" of its/
    assert.match(done.stderr, kept)
    assert.match(done.stdout, /^on trial: revision 3 comes back by itself/m)
    const shown = await diarch(['config', 'get', channel])
    assert.deepEqual(JSON.parse(shown.stdout).to, own.to)
    const { cluster } = JSON.parse((await diarch(['config', 'show'])).stdout)
    assert.deepEqual(
      [Object.keys(cluster.routers), Object.keys(cluster.users)],
      [['VI_9'], ['grace']],
    )
    assert.equal((await diarch([...args, '--json'])).status, 2)
  })
})
