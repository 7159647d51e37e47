import * as z from 'zod'
import {
  digest,
  headerName,
  headerValue,
  hostName,
  jsonPointer,
  regularExpression,
  status,
  text,
  urlPath,
} from './check-leaves.ts'
import { choice, matching } from './leaves.ts'
import { key } from './meta.ts'
import { from, pace, port } from './pace-schema.ts'
import { tls } from './tls-schema.ts'

const scalarText = 'text in quotes, a number, true, false or null'

const scalar = z
  .union([z.string(), z.number(), z.boolean(), z.null()], { error: scalarText })
  .meta({ expected: scalarText })

const json = z
  .strictObject({
    pointer: key(jsonPointer, 'Where it stands (RFC 6901).'),
    equals: key(scalar, 'What has to stand there.'),
  })
  .meta({ id: 'jsonField', title: 'JSON field' })

const request = {
  statuses: key(
    z.array(status).prefault(['200-299']),
    'Those that are good; an empty list takes any.',
    { keepalived: ['status_code'] },
  ),
  digest: key(digest.nullable().prefault(null), 'Of the body, as `genhash` prints it.', {
    keepalived: ['digest'],
  }),
  matches: key(regularExpression.nullable().prefault(null), 'The body has to match.', {
    keepalived: ['regex'],
  }),
  matchesNot: key(regularExpression.nullable().prefault(null), 'The body must not match.', {
    keepalived: ['regex_no_match'],
  }),
  json: key(json.nullable().prefault(null), 'The body is JSON, and has to say this.'),
}

const path = key(urlPath.prefault('/'), 'What is asked for.', { keepalived: ['path'] })

const requests = z
  .array(z.strictObject({ path, ...request }).meta({ id: 'httpRequest', title: 'HTTP request' }))
  .min(1, { error: 'at least one request' })

export const http = z
  .strictObject({
    kind: key(z.literal('http'), 'A page that answers.', { keepalived: ['HTTP_GET'] }),
    path,
    ...request,
    requests: key(
      requests.optional(),
      'Several, one after the other: each has to be good. Instead of `path` and what is asked ' +
        'of one answer.',
      { keepalived: ['url'], otherwise: 'the one that `path` names' },
    ),
    tls: key(tls, 'HTTPS.', { keepalived: ['SSL_GET', 'SSL'] }),
    version: key(choice('1.0', '1.1', '2').prefault('1.1'), 'Of HTTP.', {
      keepalived: ['http_protocol'],
    }),
    method: key(matching('a method such as "GET"', /^[A-Z]{1,20}$/).prefault('GET'), 'Of HTTP.'),
    host: key(hostName.optional(), 'The Host header, with a port if it needs one.', {
      keepalived: ['virtualhost'],
      otherwise: 'address and port of the server',
    }),
    headers: key(z.record(headerName, headerValue).prefault({}), 'Others, by name.'),
    body: key(text.nullable().prefault(null), 'What is sent with the request.'),
    ...port,
    ...from,
    ...pace('5s', '3s'),
  })
  .meta({ id: 'httpCheck', title: 'Check: HTTP' })
