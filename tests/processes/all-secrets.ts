import { newestVersion } from '../../appliance/config/migrations.ts'
import { type SecretPlace, secretPlaces } from '../../appliance/config/secret-places.ts'
import { pathsOfSecrets } from '../../appliance/config/secrets.ts'

const login = (kind: string) => ({ user: 'probe', password: `login of ${kind}` })
const password = (kind: string) => ({ password: `login of ${kind}` })
const pem = (what: string, text: string) =>
  `-----BEGIN ${what}-----\n${text}\n-----END ${what}-----\n`
const box = { box: 'elsewhere' }
const strip = { kind: 'pdu', server: '127.0.0.1', outlets: ['1.3.6.1.4'] }
const tls = (port: number) => ({ address: '127.0.0.1', port })

/** A configuration that has a secret wherever one can be. */
export const allSecrets = {
  schemaVersion: newestVersion,
  cluster: {
    routers: {
      VI_1: {
        interface: 'wan',
        virtualRouterId: 51,
        virtualAddresses: ['192.0.2.100/24'],
        authentication: { hmac: { keys: [{ id: 1, secret: 'the key of VI_1'.padEnd(32, '.') }] } },
      },
      VI_2: {
        interface: 'wan',
        virtualRouterId: 52,
        version: 2,
        virtualAddresses: ['192.0.2.101/24'],
        authentication: { password: 'pass@VI2' },
      },
    },
    guard: {
      secret: 'of the heartbeats'.padEnd(32, '.'),
      next: { secret: 'of the next heartbeats'.padEnd(32, '.') },
      leases: { office: { address: '127.0.0.1', secret: 'of the witness'.padEnd(32, '.') } },
    },
    checks: {
      page: { kind: 'http', headers: { Authorization: 'Bearer of the page' } },
      mysql: { kind: 'mysql', login: login('mysql') },
      postgresql: { kind: 'postgresql', login: login('postgresql') },
      redis: { kind: 'redis', login: password('redis') },
      ldap: { kind: 'ldap', bind: { dn: 'cn=probe', password: 'login of ldap' } },
      radius: { kind: 'radius', secret: 'of the radius', login: login('radius') },
    },
    services: {
      web: {
        virtual: ['192.0.2.100:80'],
        checks: ['page'],
        servers: { a: tls(9) },
      },
    },
    fencing: {
      devices: {
        bmc: { ...box, kind: 'redfish', server: '127.0.0.1', login: login('the redfish') },
        ipmi: { ...box, kind: 'ipmi', server: '127.0.0.1', login: login('the ipmi') },
        pve: {
          ...{ ...box, kind: 'proxmox', server: '127.0.0.1', node: 'pve', machine: 100 },
          ...{ token: 'a@pve!b', secret: 'token-of-proxmox' },
        },
        kvm: {
          ...{ ...box, kind: 'libvirt', server: '127.0.0.1', machine: 'two' },
          ...{ ca: pem('CERTIFICATE', 'Y2E='), certificate: pem('CERTIFICATE', 'b3Vycw==') },
          secret: pem('PRIVATE KEY', 'a2V5b2ZsaWJ2aXJ0'),
        },
        center: {
          ...{ ...box, kind: 'vmware', server: '127.0.0.1', machine: 'two' },
          login: login('the vmware'),
        },
        strip: { ...box, ...strip, secret: 'community of the strip' },
        modern: {
          ...{ ...box, ...strip },
          login: { user: 'probe', password: 'signs the strip', secret: 'seals the strip' },
        },
      },
    },
    alerts: {
      channels: {
        mail: {
          ...{ kind: 'mail', server: '127.0.0.1', from: 'a@example.org', to: ['b@example.org'] },
          login: { user: 'mailer', password: 'login of the mail' },
        },
        hook: { kind: 'webhook', url: 'https://127.0.0.1/', secret: 'signs the webhook' },
        log: {
          ...{ kind: 'syslog', server: '127.0.0.1', transport: 'tls' },
          ...{
            certificate: pem('CERTIFICATE', 'b3Vycw=='),
            secret: pem('PRIVATE KEY', 'bG9na2V5'),
          },
        },
      },
    },
    snmp: {
      users: {
        zabbix: {
          authentication: { password: 'signs-the-questions' },
          privacy: { password: 'encrypts-the-questions' },
        },
      },
      communities: { old: { secret: 'readers-of-the-past' } },
    },
    // Nothing makes this word a secret here, but that it is one elsewhere.
    notify: { hooks: [{ command: ['/bin/false', 'login of mysql'] }] },
    users: { ada: { role: 'admin', password: 'correct horse' } },
    tokens: { metrics: { role: 'viewer', secret: `sha256:${'a5'.repeat(32)}` } },
  },
} as const

const keyOf = (path: readonly (string | number)[]): string => path.join('.')

/** The kinds of secrets that the schema knows and the document has none of. */
export function kindsWithout(document: unknown): readonly string[] {
  const paths = [...pathsOfSecrets(document).values()]
  return leaves(secretPlaces(), [])
    .filter(kind => !paths.some(path => path.length === kind.length && fits(kind, path)))
    .map(keyOf)
}

const fits = (kind: readonly string[], path: readonly (string | number)[]): boolean =>
  kind.every((word, index) => word === '*' || word === path[index])

function leaves(place: SecretPlace, path: readonly string[]): readonly (readonly string[])[] {
  const { secret, headers, keys, entries, items } = place
  return [
    ...(secret ? [path] : []),
    ...(headers ? [[...path, '*']] : []),
    ...[...keys].flatMap(([key, below]) => leaves(below, [...path, key])),
    ...(entries === null ? [] : leaves(entries, [...path, '*'])),
    ...(items === null ? [] : leaves(items, [...path, '*'])),
  ]
}
