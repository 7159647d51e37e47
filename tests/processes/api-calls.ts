import type { OperationId } from '../../appliance/api/operations.ts'
import type { Status } from '../../appliance/status/document.ts'

/** One call; all of them in a row are the test. */
export type ApiCall = {
  readonly id: OperationId
  readonly path?: string
  readonly body?: unknown
  /** Of a refusal; without it, it is done. */
  readonly reason?: string
  /** What has to be so before. */
  readonly when?: (status: Status) => boolean
  /** As a browser over the socket of `web`, with the last session that was begun. */
  readonly by?: 'browser'
}

/** A router that nobody contests, and a service whose servers nobody is. */
export const document = {
  schemaVersion: 2,
  cluster: {
    routers: {
      VI_1: { interface: 'v0', virtualRouterId: 51, virtualAddresses: ['192.0.2.100/24'] },
    },
    checks: { port: { kind: 'tcp', interval: '200ms', timeout: '100ms' } },
    services: {
      shop: {
        virtual: ['192.0.2.100:80'],
        checks: ['port'],
        servers: { web1: '127.0.0.1:9', web2: '127.0.0.1:10' },
      },
    },
  },
}

const backup = {
  diarchBackup: 1,
  madeAt: '2026-11-22T00:00:00.000Z',
  ...{ hostname: 'lb1', version: '0.1.0', document, secrets: null },
  ports: [{ name: 'v9', mac: '02:00:00:00:00:09' }],
}

const weight = (value: unknown): object => ({
  patch: [{ op: 'add', path: '/cluster/services/shop/scheduler', value }],
})

const server = '/api/v1/services/shop/servers/web1'
const ann = '/api/v1/users/ann'

const isMaster = ({ routers }: Status): boolean => routers[0]?.state === 'MASTER'

/** Every operation, in an order in which each of them has something to do. */
export const calls: readonly ApiCall[] = [
  { id: 'describeApi' },
  { id: 'getStatus' },
  { id: 'listEvents' },
  { id: 'hearRouters' },
  { id: 'showConfiguration' },
  { id: 'configurationSchema' },
  { id: 'exportConfiguration', body: { format: 'json' }, reason: 'no-configuration' },
  { id: 'failover', reason: 'no-routers' },
  { id: 'makeBackup', reason: 'no-configuration' },
  { id: 'failoverRouter', path: '/api/v1/routers/VI_1/failover', reason: 'no-routers' },
  { id: 'checkAll', reason: 'no-services' },
  { id: 'showService', path: '/api/v1/services/shop', reason: 'no-such-service' },
  { id: 'confirmConfiguration', reason: 'nothing-on-trial' },
  { id: 'endTrial', reason: 'nothing-on-trial' },
  { id: 'reloadConfiguration', reason: 'configuration-in-store' },

  { id: 'changeConfiguration', body: { document, parent: 0, dryRun: true } },
  { id: 'changeConfiguration', body: { document, reason: 'the first one' } },
  { id: 'changeConfiguration', body: weight('wrr') },
  { id: 'changeConfiguration', body: weight('none'), reason: 'configuration-refused' },
  { id: 'changeConfiguration', body: {}, reason: 'bad-change' },
  { id: 'changeConfiguration', body: { ...weight('rr'), parent: 1 }, reason: 'stale-revision' },
  { id: 'changeConfiguration', body: { revision: 99 }, reason: 'no-such-revision' },
  { id: 'changeConfiguration', body: { ...weight('lc'), confirmWithin: '5m' } },
  { id: 'changeConfiguration', body: weight('rr'), reason: 'on-trial' },
  { id: 'endTrial' },
  { id: 'changeConfiguration', body: { ...weight('lc'), confirmWithin: '5m' } },
  { id: 'confirmConfiguration' },
  {
    id: 'showMetrics',
    path: '/api/v1/metrics?names=keepalived',
  },
  {
    id: 'tryAlertChannel',
    path: '/api/v1/alerts/office/test',
    reason: 'no-such-channel',
  },
  { id: 'showAlertLog', path: '/api/v1/alerts/office/log', reason: 'no-such-channel' },
  { id: 'tryFenceDevice', path: '/api/v1/fencing/bmc/test', reason: 'no-such-device' },
  {
    id: 'useFenceDevice',
    path: '/api/v1/fencing/bmc/use',
    body: { action: 'off' },
    reason: 'no-such-device',
  },
  { id: 'confirmFencing', reason: 'not-awaited' },
  { id: 'listRevisions' },
  { id: 'showRevision', path: '/api/v1/configuration/revisions/1' },
  {
    id: 'showRevision',
    path: '/api/v1/configuration/revisions/none',
    reason: 'no-such-revision',
  },
  { id: 'exportConfiguration', body: { format: 'json', secrets: true } },
  { id: 'exportConfiguration', body: { format: 'keepalived' } },
  { id: 'exportConfiguration', body: { format: 'ipvsadm' } },
  { id: 'importKeepalived', body: { text: 'vrrp_instance VI_1 {\n  interface eth0\n}\n' } },
  {
    id: 'importKeepalived',
    body: { text: 'include /etc/passwd\n', peer: 'vrrp_script x {', id: 'one', strict: true },
  },

  { id: 'getStatus', when: ({ services }) => services.length > 0 },
  { id: 'listServices' },
  { id: 'showService', path: '/api/v1/services/shop' },
  { id: 'showTraffic' },
  { id: 'showTrafficHistory' },
  {
    id: 'showServiceTrafficHistory',
    path: '/api/v1/services/shop/traffic/history',
  },
  { id: 'showServiceTraffic', path: '/api/v1/services/shop/traffic' },
  { id: 'showChecks' },
  { id: 'checkAll' },
  { id: 'checkServer', path: `${server}/check` },
  { id: 'explainServer', path: `${server}/explanation` },
  { id: 'overrideServer', path: `${server}/override`, body: { state: 'drain', weight: 5 } },
  {
    id: 'overrideServer',
    path: `${server}/override`,
    body: { weight: -1 },
    reason: 'body-refused',
  },
  { id: 'endOverride', path: `${server}/override` },
  {
    id: 'endOverride',
    path: '/api/v1/services/shop/servers/none/override',
    reason: 'no-such-server',
  },
  { id: 'failoverRouter', path: '/api/v1/routers/none/failover', reason: 'no-such-router' },
  { id: 'failoverRouter', path: '/api/v1/routers/VI_1/failover', when: isMaster },
  { id: 'failover', when: isMaster },
  { id: 'startMaintenance' },
  { id: 'failover', reason: 'not-master', when: status => !isMaster(status) },
  { id: 'endMaintenance' },
  { id: 'showHealth' },
  { id: 'makeBackup' },
  { id: 'makeBackup', body: { passphrase: 'short' }, reason: 'body-refused' },
  { id: 'restoreBackup', body: { backup, dryRun: true } },
  { id: 'showCertificate' },
  { id: 'showLog', path: '/api/v1/processes/director/log' },
  { id: 'showLog', path: '/api/v1/processes/none/log', reason: 'no-such-process' },
  { id: 'checkUpgrade', reason: 'not-the-image' },
  { id: 'takeUpgrade', reason: 'not-the-image' },
  { id: 'checkPeerUpgrade', reason: 'not-the-image' },
  { id: 'takePeerUpgrade', reason: 'not-the-image' },
  { id: 'dropUpgrade', reason: 'not-the-image' },
  { id: 'renewCertificate' },
  { id: 'restartProcess', path: '/api/v1/processes/web/restart' },

  { id: 'getStatus', by: 'browser', reason: 'setup-not-finished' },
  { id: 'showSession' },
  { id: 'logOut', reason: 'no-session' },
  { id: 'setUser', path: '/api/v1/users/eve', body: { role: 'admin', password: 'eve may all' } },
  { id: 'setUser', path: ann, body: { role: 'viewer', password: 'ann has no secrets' } },
  { id: 'setUser', path: ann, body: { role: 'viewer', password: 'short' }, reason: 'body-refused' },
  { id: 'getStatus', by: 'browser', reason: 'not-logged-in' },
  { id: 'logIn', by: 'browser', body: { user: 'ann', password: 'guess' }, reason: 'login-refused' },
  { id: 'logIn', by: 'browser', body: { user: 'ann', password: 'ann has no secrets' } },
  { id: 'getStatus', by: 'browser' },
  { id: 'failover', by: 'browser', reason: 'not-allowed' },
  { id: 'showSession', by: 'browser' },
  {
    id: 'changeOwnPassword',
    by: 'browser',
    body: { old: 'ann has no secrets', new: 'ann has one secret' },
  },
  { id: 'logOut', by: 'browser' },
  { id: 'logOut', by: 'browser', reason: 'not-logged-in' },
  { id: 'listUsers' },
  { id: 'makeToken', body: { token: 'backup', role: 'viewer' } },
  { id: 'makeToken', body: { token: 'backup', role: 'viewer' }, reason: 'token-exists' },
  { id: 'listTokens' },
  { id: 'removeToken', path: '/api/v1/tokens/backup' },
  { id: 'removeToken', path: '/api/v1/tokens/backup', reason: 'no-such-token' },
  { id: 'removeUser', path: ann },
  { id: 'removeUser', path: ann, reason: 'no-such-user' },
  { id: 'showAudit' },

  { id: 'showPair' },
  { id: 'leavePair', reason: 'not-paired' },
  { id: 'renewPairKeys', body: {}, reason: 'not-paired' },
  { id: 'resolvePair', body: { keep: 'ours' }, reason: 'no-conflict' },
  { id: 'discoverPairs' },
  { id: 'showPairingCode' },
  { id: 'endPairingCode' },
  { id: 'joinPair', body: { peer: 'nobody', code: '1234-5678' }, reason: 'bad-request' },
  { id: 'joinPair', body: { peer: '127.0.0.1', code: '1234' }, reason: 'body-refused' },
  { id: 'joinPair', body: { peer: '127.0.0.1:9', code: '1234-5678' }, reason: 'no-code' },

  { id: 'powerBox', body: { action: 'restart' }, reason: 'not-the-image' },
  { id: 'powerBox', body: { action: 'explode' }, reason: 'body-refused' },
  { id: 'resetToFactory', body: { hostname: 'lb1' }, reason: 'not-the-image' },
  { id: 'blinkPort', path: '/api/v1/ports/v0/blink', body: {}, reason: 'cannot-blink' },
  { id: 'blinkPort', path: '/api/v1/ports/none/blink', body: {}, reason: 'no-such-port' },
  { id: 'listPorts' },
  {
    id: 'assignPort',
    path: '/api/v1/ports/v0/name',
    body: { name: 'lan' },
    reason: 'not-the-image',
  },
  { id: 'assignPort', path: '/api/v1/ports/v0/name', body: {}, reason: 'body-refused' },
  { id: 'forgetPort', path: '/api/v1/ports/v0', reason: 'not-the-image' },
  { id: 'keepPorts', reason: 'not-the-image' },
  { id: 'pingAddress', body: { address: '127.0.0.1', count: 1 } },
  { id: 'pingAddress', body: { address: 'nobody' }, reason: 'bad-request' },
  { id: 'captureFrames', body: { port: 'v0', kind: 'vrrp', frames: 1 } },
  { id: 'captureFrames', body: { port: 'none' }, reason: 'no-such-port' },
  { id: 'listFlights' },
  { id: 'showFlight', path: '/api/v1/flights/99', reason: 'no-such-flight' },
  { id: 'saveFlight', path: '/api/v1/flights/99/pcapng', reason: 'no-such-flight' },
]
