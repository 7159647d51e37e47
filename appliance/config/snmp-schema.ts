import * as z from 'zod'
import { choice, integer, interfaceName, matching, name, network } from './leaves.ts'
import { key } from './meta.ts'

const secretText = 'text of 8 to 64 characters without space'
const secretWord = z
  .string({ error: secretText })
  .regex(/^[!-~]{8,64}$/, { error: secretText })
  .meta({ expected: secretText })

const communityText = 'text of 1 to 64 characters without space'
const communityWord = z
  .string({ error: communityText })
  .regex(/^[!-~]{1,64}$/, { error: communityText })
  .meta({ expected: communityText })

const line = matching('text of at most 255 characters', /^[^\p{Cc}]{0,255}$/u)

const user = z
  .strictObject({
    authentication: key(
      z
        .strictObject({
          protocol: key(
            choice('sha-256', 'sha-384', 'sha-512').prefault('sha-256'),
            'RFC 7860. In other words SHA-256, SHA-384, SHA-512.',
          ),
          password: key(secretWord, 'Signs.'),
        })
        .meta({ id: 'snmpAuthentication', title: 'SNMP: authentication' }),
      'Who asks.',
    ),
    privacy: key(
      z
        .strictObject({
          protocol: key(
            choice('aes-128', 'aes-256').prefault('aes-128'),
            '`aes-128`: RFC 3826, which every program has.',
          ),
          password: key(secretWord, 'Encrypts.'),
        })
        .meta({ id: 'snmpPrivacy', title: 'SNMP: privacy' }),
      'So that nobody else reads it.',
    ),
  })
  .meta({ id: 'snmpUser', title: 'SNMP: user' })

const community = z
  .strictObject({ secret: key(communityWord, 'The community itself: it goes over in clear.') })
  .meta({ id: 'snmpCommunity', title: 'SNMP: community' })

const listen = z
  .strictObject({
    interfaces: key(
      z.array(interfaceName).prefault([]),
      'Asked at the addresses of these only. Empty: of every one.',
    ),
    networks: key(z.array(network).prefault([]), 'Answers these only. Empty: everywhere.'),
    port: key(integer(1, 65_535).prefault(161), 'UDP.'),
  })
  .meta({ id: 'snmpListen', title: 'SNMP: where' })

export const snmp = z
  .strictObject({
    users: key(
      z.record(name, user).prefault({}),
      'Who may ask by SNMPv3, signed and encrypted. Without a user and a community there is no ' +
        'agent.',
    ),
    communities: key(
      z.record(name, community).prefault({}),
      'Who may ask by SNMPv2c, by a name that says whom it is for. Anybody on the way can read ' +
        'along: better name users.',
    ),
    listen: key(listen.prefault({}), 'Where from it can be asked.'),
    contact: key(line.prefault(''), 'sysContact: who looks after the pair.'),
    location: key(line.prefault(''), 'sysLocation: where it stands.'),
  })
  .meta({ id: 'snmp', title: 'SNMP' })

export type SnmpConfig = z.output<typeof snmp>

export const hasAgent = ({ users, communities }: SnmpConfig): boolean =>
  Object.keys(users).length + Object.keys(communities).length > 0
