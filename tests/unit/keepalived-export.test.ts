import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Document, parseDocument } from '../../appliance/config/document.ts'
import { type ExportOptions, exportKeepalived } from '../../appliance/keepalived/export.ts'
import { canonical } from '../../appliance/values/canonical.ts'
import { exportCases } from './keepalived-export-cases.ts'
import { goldens, importedGolden } from './keepalived-golden/golden.ts'
import { imported, valid } from './keepalived-import-words.ts'

const withSecrets: ExportOptions = { secrets: true }

const exported = (document: Document) => exportKeepalived(document, withSecrets)

const documentOf = (text: string): Document => valid(imported(text).document)

/** Secrets are bytes in a document. */
const bytes = (_key: string, value: unknown): unknown =>
  value instanceof Uint8Array ? [...value] : value

/** What a server has that is only an address. */
const server = {
  weight: 1,
  mostConnections: 0,
  resumeBelow: 0,
  notifyUp: null,
  notifyDown: null,
}

const plain = (document: Document): unknown => {
  const services = Object.entries(document.cluster.services).map(([name, service]) => {
    const servers = Object.entries(service.servers).map(([own, each]) => [
      own,
      { ...server, ...each },
    ])
    return [name, { ...service, servers: Object.fromEntries(servers) }]
  })
  const cluster = { ...document.cluster, services: Object.fromEntries(services) }
  return JSON.parse(canonical(JSON.parse(JSON.stringify({ ...document, cluster }, bytes))))
}

for (const [name, text] of Object.entries(exportCases)) {
  test(`${name}: import, export, import is a fixed point`, () => {
    const first = documentOf(text)
    assert.deepEqual(plain(documentOf(exported(first).text)), plain(first))
  })

  test(`${name}: all of what was imported can be said`, () => {
    assert.deepEqual(exported(documentOf(text)).findings, [])
  })
}

/** Names of services are lost, and what it has as its own default is written: but once only. */
const settles = (document: Document): void => {
  const second = documentOf(exported(document).text)
  assert.deepEqual(plain(documentOf(exported(second).text)), plain(second))
}

for (const name of goldens) {
  const parsed = parseDocument(importedGolden(name).document)
  // Some are there to be refused.
  if (parsed.kind === 'refused') continue
  test(`${name}: import, export, import is a fixed point`, () => {
    // What keepalived itself complains of does not come back letter by letter.
    if (name.startsWith('warns/')) settles(parsed.document)
    else assert.deepEqual(plain(documentOf(exported(parsed.document).text)), plain(parsed.document))
  })
}

const examples = join(import.meta.dirname, '../../docs/examples')
for (const name of readdirSync(examples).filter(each => each.endsWith('.json'))) {
  test(`the example ${name}: what keepalived can say of it stays`, () => {
    const parsed = parseDocument(readFileSync(join(examples, name), 'utf8'))
    assert.ok(parsed.kind === 'document')
    settles(parsed.document)
  })
}

test('a script for a shell, and one of nobody: what it is after that stays', () => {
  const text = `
    vrrp_script both {
      script "pidof nginx && test -e /run/ok"
    }
    vrrp_instance A {
      interface eth0
      virtual_router_id 1
      virtual_ipaddress {
        192.0.2.9/24
      }
      track_script {
        both
      }
    }`
  const document = documentOf(text)
  const shown = exported(document).text
  assert.ok(shown.includes(`script "/bin/sh -c 'pidof nginx && test -e /run/ok'"`), shown)
  assert.match(shown, /script_user root/)
  settles(document)
})

const said = (cluster: object, options = withSecrets) => {
  const { text, findings } = exportKeepalived(valid({ schemaVersion: 2, cluster }), options)
  return { text, paths: findings.map(({ path }) => path) }
}

const router = { interface: 'eth0', virtualRouterId: 51, virtualAddresses: ['192.0.2.100/24'] }

test('a file reads as somebody would write it', () => {
  const { text } = said({
    trackers: { page: { kind: 'script', command: ['/bin/page', 'a b'], user: 'nobody' } },
    routers: { VI_1: { ...router, handover: 'after-skew', track: [{ tracker: 'page' }] } },
    services: { web: { virtual: ['192.0.2.100:80'], servers: { a: '10.0.0.1:80' } } },
  })
  assert.equal(
    text,
    `# Made by Diarch, for keepalived 2.2 and later.
global_defs {
    enable_script_security
}

vrrp_script page {
    script "/bin/page 'a b'"
    interval 1
    user nobody
}

vrrp_instance VI_1 {
    state BACKUP
    interface eth0
    virtual_router_id 51
    version 3
    advert_int 0.1
    garp_master_refresh 60
    virtual_ipaddress {
        192.0.2.100/24
    }
    track_script {
        page
    }
}

# web
virtual_server 192.0.2.100 80 {
    protocol TCP
    lb_algo wlc
    lb_kind NAT
    alpha
    delay_loop 2
    connect_timeout 1
    retry 2
    warmup 0
    real_server 10.0.0.1 80 {
        TCP_CHECK {
        }
    }
}
`,
  )
})

test('what keepalived has not is a finding, and a comment in its place', () => {
  const { text, paths } = said({
    routers: { VI_1: { ...router, secondPaths: ['eth1'] } },
    trackers: { half: { kind: 'script', command: ['/bin/true'], interval: '500ms' } },
    checks: { db: { kind: 'mysql', rise: 2 }, near: { kind: 'arp', interface: 'eth0' } },
    services: {
      web: {
        virtual: ['192.0.2.100:80'],
        checks: ['db', 'near'],
        servers: { a: '10.0.0.1:80', b: '10.0.0.2:80' },
        slowStart: '30s',
        panicBelow: 30,
      },
    },
  })
  assert.deepEqual(paths, [
    'cluster.trackers.half.interval',
    'cluster.routers.VI_1.handover',
    'cluster.routers.VI_1.secondPaths',
    'cluster.checks.db',
    'cluster.checks.db.rise',
    'cluster.checks.near',
    'cluster.services.web.panicBelow',
    'cluster.services.web.slowStart',
  ])
  for (const path of paths) assert.ok(text.includes(`# ${path}: `), path)
  assert.match(text, /\n {4}interval 1\n/)
  assert.match(text, /TCP_CHECK \{\n {12}connect_port 3306|TCP_CHECK \{/)
  assert.match(text, /PING_CHECK \{[^}]*bind_if eth0[^}]*which has to be answered/)
})

test('passwords and keys only stand in it when somebody asked for them', () => {
  const secret = 'hex:f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778695a4b3c2d1e0f'
  const routers = {
    old: { ...router, version: 2, authentication: { password: 'geheim' } },
    new: {
      ...router,
      virtualRouterId: 52,
      virtualAddresses: ['192.0.2.101/24'],
      authentication: { hmac: { keys: [{ id: 1, secret }] } },
    },
  }
  const open = said({ routers }).text
  assert.match(open, /auth_pass geheim/)
  assert.ok(open.includes(`key 1 ${secret}`))
  const { text, paths } = said({ routers }, { secrets: false })
  assert.doesNotMatch(text, /geheim|f0e1d2|auth_type|auth_hmac \{/)
  assert.ok(paths.includes('cluster.routers.old.authentication'))
  assert.ok(paths.includes('cluster.routers.new.authentication'))
})

test('a service of several protocols is several virtual servers', () => {
  const { text, paths } = said({
    services: {
      names: {
        virtual: ['192.0.2.1:53', { address: '192.0.2.1', port: 53, protocol: 'tcp' }],
        protocol: 'udp',
        checks: [],
        servers: { a: '10.0.0.1:53' },
      },
    },
  })
  assert.equal(text.match(/^virtual_server 192\.0\.2\.1 53 \{/gm)?.length, 2)
  assert.deepEqual(paths, ['cluster.services.names.virtual'])
})
