import * as z from 'zod'
import { forwarding, serverAt, virtual } from './endpoint-schema.ts'
import {
  choice,
  command,
  duration,
  flag,
  integer,
  interfaceName,
  ipAddress,
  name,
  nameOf,
  user,
  wholeSeconds,
} from './leaves.ts'
import { key } from './meta.ts'

const persistence = z
  .strictObject({
    time: key(wholeSeconds('1s', '744h').prefault('6m'), 'After the last connection.', {
      keepalived: ['persistence_timeout'],
    }),
    granularity: key(
      integer(1, 128).optional(),
      'So many bits of the address make it the same client: 24 for all in one /24.',
      { keepalived: ['persistence_granularity'], otherwise: '32, of IPv6 128' },
    ),
    engine: key(
      choice('sip').nullable().prefault(null),
      '`sip`: by the Call-ID. `null`: by the address.',
      { keepalived: ['persistence_engine'] },
    ),
  })
  .meta({ id: 'persistence', title: 'Persistence' })

const persistenceText = 'null, a time such as "5m", or an object with more about it'

const shortPersistence = wholeSeconds('1s', '744h').transform(time => ({ time, engine: null }))

const checkUse = z
  .strictObject({
    check: key(nameOf('checks'), 'One of `cluster.checks`, or `tcp` or `ping`.'),
    weight: key(
      integer(-65_535, 65_535).nullable().prefault(null),
      '`null`: a failure takes the server out. A number: it is added to the weight while the ' +
        'check is down, and the server stays in.',
      { keepalived: ['weight'] },
    ),
    reverse: key(flag.prefault(false), 'Up counts as down, and down as up.', {
      keepalived: ['reverse'],
    }),
    throughServer: key(
      flag.prefault(false),
      "The service's own address is asked, through this server: finds a server of a `direct` " +
        'service that lacks the address. For a check of kind `tcp`.',
    ),
    address: key(ipAddress.optional(), 'Whom it asks.', {
      keepalived: ['connect_ip'],
      otherwise: 'the server',
    }),
    port: key(integer(1, 65_535).optional(), 'Where.', {
      keepalived: ['connect_port'],
      otherwise: "the check's port, else the server's",
    }),
    source: key(ipAddress.optional(), 'Our address.', {
      keepalived: ['bindto'],
      otherwise: "the check's",
    }),
    interface: key(interfaceName.optional(), 'The way out.', {
      keepalived: ['bind_if'],
      otherwise: "the check's",
    }),
    mark: key(integer(1, 4_294_967_295).optional(), 'The firewall mark of our packets.', {
      keepalived: ['fwmark'],
      otherwise: "the check's",
    }),
  })
  .meta({ id: 'checkUse', title: 'Check of a server' })

const checkText = 'the name of a check, or an object with more about it'

const checks = z.array(
  z.union([nameOf('checks'), checkUse], { error: checkText }).meta({ expected: checkText }),
)

const hook = z
  .strictObject({
    command: key(command, 'It is started as it is. No shell reads it.'),
    user: key(
      user.nullable().prefault(null),
      'Who runs it. `null`: the account that Diarch runs as.',
      { keepalived: ['script_user'] },
    ),
    timeout: key(duration('100ms', '1h').prefault('30s'), 'Then it is ended.'),
  })
  .meta({ id: 'serviceHook', title: 'Hook of a service' })

const told = (what: string, keepalived: readonly string[]) =>
  key(hook.nullable().prefault(null), what, { keepalived })

const weight = integer(0, 65_535)
const limit = integer(0, 4_294_967_295)

const server = serverAt(
  {
    weight: key(weight.prefault(1), 'Its share. 0: no new connections.', {
      keepalived: ['weight'],
    }),
    mostConnections: key(limit.prefault(0), 'With so many it gets no more. 0: no limit.', {
      keepalived: ['uthreshold'],
    }),
    resumeBelow: key(
      limit.prefault(0),
      'With fewer connections it gets some again. 0: below three quarters of `mostConnections`.',
      { keepalived: ['lthreshold'] },
    ),
    forwarding: key(forwarding.optional(), 'How packets get to it.', {
      keepalived: ['lvs_method', 'lb_kind'],
      otherwise: "the service's",
    }),
    checks: key(checks.optional(), 'Instead of those of the service.', {
      otherwise: "the service's",
    }),
    inhibit: key(flag.optional(), 'Down: it stays in the table with weight 0.', {
      keepalived: ['inhibit_on_failure'],
      otherwise: "the service's",
    }),
    notifyUp: told('Told when it comes up.', ['notify_up']),
    notifyDown: told('Told when it goes down.', ['notify_down']),
  },
  'server',
  'Server',
)

const sorryServer = serverAt(
  {
    forwarding: key(forwarding.optional(), 'How packets get to it.', {
      keepalived: ['sorry_server_lvs_method'],
      otherwise: "the service's",
    }),
    inhibit: key(
      flag.prefault(false),
      'While it serves, the servers stay in the table with weight 0.',
      { keepalived: ['sorry_server_inhibit'] },
    ),
  },
  'sorryServer',
  'Sorry server',
)

export const service = z
  .strictObject({
    virtual: key(
      z.array(virtual).min(1, { error: 'at least one endpoint' }),
      'What clients connect to. Several have the same servers.',
      { keepalived: ['virtual_server_group'] },
    ),
    protocol: key(choice('tcp', 'udp', 'sctp').prefault('tcp'), 'Of its endpoints.', {
      keepalived: ['protocol'],
    }),
    scheduler: key(
      choice(
        ...(['rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'dh', 'sh', 'mh'] as const),
        ...(['sed', 'nq', 'fo', 'ovf', 'twos'] as const),
      ).prefault('wlc'),
      'Who gets the next connection: `wlc`, the server with the fewest for its weight.',
      { keepalived: ['lvs_sched', 'lb_algo'] },
    ),
    schedulerFlags: key(
      z.array(choice('sh-fallback', 'sh-port', 'mh-fallback', 'mh-port')).prefault([]),
      'Of `sh` and `mh`. `fallback`: another server when the chosen one is out. `port`: the ' +
        "client's port counts too.",
      { keepalived: ['sh-fallback', 'sh-port', 'mh-fallback', 'mh-port'] },
    ),
    forwarding: key(
      forwarding.prefault('nat'),
      'How packets get to the servers. `nat`: the way back leads through here. `direct`: on the ' +
        'same network, with the address on their loopback. `tunnel`: in IP-in-IP.',
      { keepalived: ['lvs_method', 'lb_kind'] },
    ),
    persistence: key(
      z
        .union([z.null(), shortPersistence, persistence], { error: persistenceText })
        .meta({ expected: persistenceText })
        .prefault(null),
      'A client gets the same server again within this time.',
      { keepalived: ['persistence_timeout'] },
    ),
    onePacket: key(flag.prefault(false), 'UDP: each packet goes its own way.', {
      keepalived: ['ops'],
    }),
    checks: key(
      checks.optional(),
      'A server gets connections while all of them pass. `[]`: always, whether it lives or not, ' +
        'as keepalived without a checker.',
      { otherwise: '`["tcp"]`; without a TCP port `["ping"]`' },
    ),
    servers: key(z.record(name, server).prefault({}), 'Who does the work, by name.', {
      keepalived: ['real_server'],
    }),
    inhibit: key(
      flag.prefault(false),
      'A server that is down stays in the table with weight 0, so that its connections live.',
      { keepalived: ['inhibit_on_failure'] },
    ),
    sorryServer: key(
      sorryServer.nullable().prefault(null),
      'Gets everything while the service is down.',
      { keepalived: ['sorry_server'] },
    ),
    quorum: key(
      integer(1, 1_000_000_000).prefault(1),
      'The service is up with servers of so much weight together.',
      { keepalived: ['quorum'] },
    ),
    hysteresis: key(
      integer(0, 1_000_000_000).prefault(0),
      'Up again with so much more than the quorum, and down with so much less.',
      { keepalived: ['hysteresis'] },
    ),
    notifyUp: told('Told when the service comes up.', ['quorum_up']),
    notifyDown: told('Told when the service goes down.', ['quorum_down']),
    panicBelow: key(
      integer(0, 100).prefault(0),
      'Percent. With a smaller share of its servers up the failures are not believed, and all ' +
        'of them get connections. 0: never.',
    ),
    slowStart: key(
      duration('1s', '1h').nullable().prefault(null),
      'A server that comes up gets its weight little by little within this time. `null`: at once.',
    ),
    drainLimit: key(
      duration('0s', '168h').prefault('5m'),
      'A server that was removed from here keeps its connections for so long at most.',
    ),
  })
  .meta({ id: 'service', title: 'Service' })
