import * as z from 'zod'
import {
  absolutePath,
  choice,
  command,
  duration,
  integer,
  interfaceName,
  ipAddress,
  nameOf,
  user,
} from './leaves.ts'
import { key } from './meta.ts'

const script = z
  .strictObject({
    kind: key(z.literal('script'), 'A program that looks, again and again.', {
      keepalived: ['vrrp_script'],
    }),
    command: key(command, 'It ends with 0 for up. No shell reads it.', { keepalived: ['script'] }),
    interval: key(duration('10ms', '24h').prefault('1s'), 'From one start to the next.', {
      keepalived: ['interval'],
    }),
    timeout: key(duration('10ms', '24h').optional(), 'Then it is ended, and that is down.', {
      keepalived: ['timeout'],
      otherwise: 'the interval',
    }),
    rise: key(integer(1, 1000).prefault(1), 'Good results in a row that make it up.', {
      keepalived: ['rise'],
    }),
    fall: key(integer(1, 1000).prefault(1), 'Bad results in a row that make it down.', {
      keepalived: ['fall'],
    }),
    user: key(
      user.nullable().prefault(null),
      'Who runs it. `null`: the account that Diarch runs as.',
      {
        keepalived: ['user', 'script_user'],
      },
    ),
    initially: key(
      choice('unknown', 'up', 'down').prefault('unknown'),
      'Until the first result. `unknown` changes no priority and is no FAULT.',
      { keepalived: ['init_fail'] },
    ),
  })
  .meta({ id: 'scriptTracker', title: 'Tracker: script' })

const program = z
  .strictObject({
    kind: key(z.literal('process'), 'A program that has to run.', {
      keepalived: ['vrrp_track_process'],
    }),
    program: key(
      z
        .string({ error: 'the name of a program' })
        .regex(/^[^/\0\n]{1,255}$/, { error: 'the name of a program, without its folder' })
        .meta({ expected: 'the name of a program, without its folder' }),
      'As `ps -o comm` shows it.',
      { keepalived: ['process'] },
    ),
    arguments: key(
      z.array(z.string({ error: 'an argument in quotes' })).prefault([]),
      'Each has to be among its arguments, in this order.',
      { keepalived: ['param_match'] },
    ),
    least: key(integer(1, 65_535).prefault(1), 'Up with so many processes or more.', {
      keepalived: ['quorum'],
    }),
    most: key(integer(1, 65_535).nullable().prefault(null), 'Down with more. `null`: no limit.', {
      keepalived: ['quorum_max'],
    }),
    patience: key(
      duration('0s', '1h').prefault('0s'),
      'A process that is back within this time was never gone.',
      { keepalived: ['delay', 'terminate_delay'] },
    ),
  })
  .meta({ id: 'processTracker', title: 'Tracker: process' })

const file = z
  .strictObject({
    kind: key(z.literal('file'), 'A file with a whole number in it.', {
      keepalived: ['track_file', 'vrrp_track_file'],
    }),
    path: key(absolutePath, 'Where it is.', { keepalived: ['file'] }),
    missing: key(integer(-254, 254).prefault(0), 'The number while there is no file.', {
      keepalived: ['init_file'],
    }),
  })
  .meta({ id: 'fileTracker', title: 'Tracker: file' })

const otherInterface = z
  .strictObject({
    kind: key(z.literal('interface'), "An interface besides the router's own.", {
      keepalived: ['track_interface'],
    }),
    interface: key(interfaceName, 'It is up when it is set up and has a carrier.'),
  })
  .meta({ id: 'interfaceTracker', title: 'Tracker: interface' })

const service = z
  .strictObject({
    kind: key(z.literal('service'), 'A service of the director.'),
    service: key(
      nameOf('services'),
      'One of `cluster.services`. It is up while its quorum is there.',
    ),
  })
  .meta({ id: 'serviceTracker', title: 'Tracker: service' })

const answering = z
  .strictObject({
    kind: key(z.literal('check'), 'Something on the network that has to answer: a witness, say.'),
    check: key(
      nameOf('checks'),
      'One of `cluster.checks`, or `ping` or `tcp`: what is asked, and how often.',
    ),
    address: key(ipAddress, 'Who is asked.'),
    port: key(integer(1, 65_535).optional(), 'Where it is asked.', {
      otherwise: "the check's, or the protocol's own",
    }),
  })
  .meta({ id: 'checkTracker', title: 'Tracker: check' })

const kindText = '"script" or "process" or "file" or "interface" or "service" or "check"'

export const tracker = z
  .discriminatedUnion('kind', [script, program, file, otherInterface, service, answering], {
    error: kindText,
  })
  .meta({ expected: 'a tracker' })
