/** Checks of servers that want to know who asks. */

import * as z from 'zod'
import { account, password, regularExpression, text } from './check-leaves.ts'
import { choice } from './leaves.ts'
import { key } from './meta.ts'
import { from, pace, port } from './pace-schema.ts'
import { tls } from './tls-schema.ts'

const asked = { ...port, ...from, ...pace('5s', '3s') }

const user = key(account, 'An account for this alone, with no more rights than it needs.')

const login = z
  .strictObject({ user, password: key(password, 'Of this account.') })
  .meta({ id: 'login', title: 'Login' })

const query = z
  .strictObject({
    sql: key(text, 'Such as `SELECT 1`.'),
    expect: key(
      regularExpression.nullable().prefault(null),
      'The first value of the first row has to match. `null`: any answer is good.',
    ),
  })
  .meta({ id: 'query', title: 'Query' })

const afterLogin = key(query.nullable().prefault(null), 'Asked after the login, which it needs.')

const encrypted = key(tls, 'The connection is encrypted.')

export const mysql = z
  .strictObject({
    kind: key(z.literal('mysql'), 'MySQL or MariaDB.'),
    login: key(
      login.nullable().prefault(null),
      "`null`: the server's greeting is enough. Many of them count as errors of the host there.",
    ),
    query: afterLogin,
    tls: encrypted,
    ...asked,
  })
  .meta({ id: 'mysqlCheck', title: 'Check: MySQL' })

const postgresqlLogin = z
  .strictObject({
    user,
    password: key(password, 'Of this account.'),
    database: key(account.optional(), 'Where to.', { otherwise: 'named like the user' }),
  })
  .meta({ id: 'postgresqlLogin', title: 'PostgreSQL login' })

export const postgresql = z
  .strictObject({
    kind: key(z.literal('postgresql'), 'PostgreSQL.'),
    login: key(
      postgresqlLogin.nullable().prefault(null),
      '`null`: an answer is enough, whatever it says about users.',
    ),
    query: afterLogin,
    tls: encrypted,
    ...asked,
  })
  .meta({ id: 'postgresqlCheck', title: 'Check: PostgreSQL' })

const redisLogin = z
  .strictObject({
    user: key(account.nullable().prefault(null), '`null`: the one that is called default.'),
    password: key(password, 'Of this account.'),
  })
  .meta({ id: 'redisLogin', title: 'Redis login' })

export const redis = z
  .strictObject({
    kind: key(z.literal('redis'), 'Redis or Valkey: PING.'),
    login: key(redisLogin.nullable().prefault(null), '`null`: without.'),
    role: key(choice('any', 'master', 'replica').prefault('any'), 'And this is what it has to be.'),
    tls: encrypted,
    ...asked,
  })
  .meta({ id: 'redisCheck', title: 'Check: Redis' })

const bind = z
  .strictObject({
    dn: key(account, 'Whom we bind as.'),
    password: key(password, 'Of this entry.'),
  })
  .meta({ id: 'ldapBind', title: 'LDAP bind' })

export const ldap = z
  .strictObject({
    kind: key(z.literal('ldap'), 'A bind.'),
    bind: key(bind.nullable().prefault(null), '`null`: an anonymous one.'),
    base: key(account.nullable().prefault(null), 'After it this entry has to be there.'),
    tls: encrypted,
    ...asked,
  })
  .meta({ id: 'ldapCheck', title: 'Check: LDAP' })

export const radius = z
  .strictObject({
    kind: key(z.literal('radius'), 'RADIUS.'),
    secret: key(password, 'Shared with the server.'),
    login: key(
      login.nullable().prefault(null),
      'An Access-Request that has to be accepted. `null`: Status-Server (RFC 5997).',
    ),
    ...asked,
  })
  .meta({ id: 'radiusCheck', title: 'Check: RADIUS' })
