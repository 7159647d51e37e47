import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'

const program = join(import.meta.dirname, '../../appliance/cli/main.ts')

const diarch = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
  })
  return { code: status, stdout, stderr }
}

const folder = (t: TestContext): string => {
  const path = mkdtempSync(join(tmpdir(), 'diarch-export-'))
  t.after(() => rmSync(path, { recursive: true }))
  return path
}

const document = (t: TestContext, router: object = {}, more: object = {}): string => {
  const path = join(folder(t), 'pair.json')
  const routers = {
    VI_1: {
      interface: 'eth0',
      virtualRouterId: 51,
      virtualAddresses: ['192.0.2.100/24'],
      version: 2,
      handover: 'after-skew',
      ...router,
    },
  }
  writeFileSync(path, JSON.stringify({ schemaVersion: 2, cluster: { routers, ...more } }))
  return path
}

test('what keepalived can say goes to the output, and the code is 0', t => {
  const { code, stdout, stderr } = diarch('export', document(t))
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^vrrp_instance VI_1 \{$/m)
  assert.equal(stderr, '')
})

test('what it cannot say is told, and the code is 4', t => {
  const { code, stderr } = diarch('export', document(t, { secondPaths: ['eth1'] }))
  assert.equal(code, 4)
  assert.match(stderr, /pair\.json: cluster\.routers\.VI_1\.secondPaths: keepalived /)
})

test('passwords are only for those who ask, and then for their eyes only', t => {
  const path = document(t, { authentication: { password: 'geheim' } })
  const hidden = diarch('export', path)
  assert.equal(hidden.code, 4)
  assert.doesNotMatch(hidden.stdout, /geheim/)
  const output = join(folder(t), 'keepalived.conf')
  assert.equal(diarch('export', path, '--secrets', '--output', output).code, 0)
  assert.match(readFileSync(output, 'utf8'), /auth_pass geheim/)
  assert.equal(statSync(output).mode & 0o777, 0o600)
})

test('the table for ipvsadm', t => {
  const services = {
    web: { virtual: ['192.0.2.100:80'], checks: [], servers: { a: '10.0.0.1:80' } },
  }
  const path = document(t, {}, { services })
  const { code, stdout } = diarch('export', path, '--format', 'ipvsadm')
  assert.equal(code, 0)
  assert.equal(stdout, '-A -t 192.0.2.100:80 -s wlc\n-a -t 192.0.2.100:80 -r 10.0.0.1:80 -m -w 1\n')
})

test('a document that is not valid is refused with the code 5', t => {
  const { code, stdout, stderr } = diarch('export', document(t, { virtualRouterId: 0 }))
  assert.equal(code, 5)
  assert.equal(stdout, '')
  assert.match(stderr, /virtualRouterId/)
  const theirs = join(folder(t), 'keepalived.conf')
  writeFileSync(theirs, 'vrrp_instance VI_1 {\n}\n')
  const refused = diarch('export', theirs)
  assert.equal(refused.code, 5)
  assert.match(refused.stderr, /is a keepalived\.conf: "diarch import \S+ --apply" brings it in$/m)
})
