/** keepalived has two words for what we ask in one way: HTTP_GET and SSL_GET. */

import type { Path } from '../config/path.ts'
import type { Check } from '../config/schema.ts'
import { parseIpAddress } from '../values/ip-address.ts'
import type { Lacks } from './export-finding.ts'
import { flagLine, type Line, plainWord, quoted, unless } from './export-text.ts'

type Http = Extract<Check, { readonly kind: 'http' }>
type Request = NonNullable<Http['requests']>[number]

export function httpLines(check: Http, path: Path, lacks: Lacks): readonly Line[] {
  const { requests, host, version, headers, tls } = check
  const closes = version === '1.0' && Object.keys(headers).join() === 'Connection'
  const closing = closes && headers.Connection === 'close'
  const protocol = closing ? '1.0C' : version === '2' ? '1.1' : version
  const pages: readonly [Path, Request][] =
    requests === undefined
      ? [[path, check]]
      : requests.map((request, index) => [[...path, 'requests', index], request])
  return [
    ...unless('http_protocol', protocol, '1.0'),
    ...(host === undefined ? [] : [`virtualhost ${host}`]),
    ...(tls === false ? [] : tlsLines(tls, host, [...path, 'tls'], lacks)),
    ...pages.flatMap(([at, request]) => urls(request, at, lacks)),
    ...lacks.sayIf(version === '2', [...path, 'version'], 'keepalived asks with 1.1 at most'),
    ...lacks.sayIf(
      check.method !== 'GET',
      [...path, 'method'],
      'keepalived only gets: name a page that may be got',
    ),
    ...lacks.sayIf(
      !closing && Object.keys(headers).length > 0,
      [...path, 'headers'],
      'keepalived sends none: let a MISC_CHECK start curl',
    ),
    ...lacks.sayIf(
      check.body !== null,
      [...path, 'body'],
      'keepalived sends none: let a MISC_CHECK start curl',
    ),
  ]
}

function tlsLines(
  tls: Exclude<Http['tls'], false>,
  host: string | undefined,
  path: Path,
  lacks: Lacks,
): readonly string[] {
  const serverName = tls === true ? undefined : tls.serverName
  const named = host !== undefined && parseIpAddress(host.replace(/:\d+$/, '')) === null
  const verifies = tls !== true && (tls.verify || tls.ca !== null || tls.leastDaysLeft !== null)
  return [
    ...flagLine('enable_sni', named || serverName !== undefined),
    ...(serverName === undefined ? [] : [`sni_name ${serverName}`]),
    ...lacks.sayIf(
      serverName !== undefined,
      [...path, 'serverName'],
      'keepalived 2.2.7 does not know sni_name: take a newer one',
    ),
    ...lacks.sayIf(
      verifies,
      path,
      'keepalived looks at no certificate: watch it by other means, or let a MISC_CHECK start curl',
    ),
  ]
}

/** One expression for each: what has to match and what must not are two of keepalived's pages. */
function urls(request: Request, path: Path, lacks: Lacks): readonly Line[] {
  const { statuses, digest, matches, matchesNot, json } = request
  const page: readonly Line[] = [
    `path ${plainWord(request.path) ?? request.path}`,
    ...(statuses.length === 0 ? ['status_code 100-599'] : statusLines(statuses)),
    ...(digest === null ? [] : [`digest ${digest}`]),
  ]
  const url = (more: readonly Line[]): Line => ({ head: 'url', body: [...page, ...more] })
  const wanted = matches === null ? [] : [[`regex ${quoted(matches)}`]]
  const unwanted = matchesNot === null ? [] : [[`regex ${quoted(matchesNot)}`, 'regex_no_match']]
  const all = [...wanted, ...unwanted]
  return [
    ...(all.length === 0 ? [url([])] : all.map(url)),
    ...lacks.sayIf(
      json !== null,
      [...path, 'json'],
      'keepalived reads no JSON: look for it with "matches"',
    ),
  ]
}

const statusLines = (statuses: Request['statuses']): readonly string[] => {
  const words = statuses.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
  return words.join() === '200-299' ? [] : [`status_code ${words.join(' ')}`]
}
