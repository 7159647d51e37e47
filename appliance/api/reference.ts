import type { OperationDescription } from './operation.ts'
import { type ProblemReason, problemReasons } from './reasons.ts'

/** The reference of the control API, as Markdown. */
export const apiReference = (operations: Readonly<Record<string, OperationDescription>>): string =>
  `${[...introduction, ...table(operations), ...reasons()].join('\n')}\n`

const introduction = [
  '# The control API',
  '',
  'Made from the table in appliance/api by `npm run reference`. The same as OpenAPI 3.1:',
  '[openapi.json](openapi.json), which a box also serves under `/api/v1/openapi.json`.',
  '',
  '- On the box, the socket `/run/diarch/control.sock` takes every operation from root and from',
  '  the group diarch, as role admin. Over HTTPS, `web` serves the same paths to users and tokens.',
  '- A role may do what those before it may: viewer, operator, admin.',
  '- Bodies and answers are JSON. A body has 64 KiB at most, that of a change or an import 16 MiB.',
  '  Keys that are not known are refused, in bodies and in query strings.',
  '- A refusal is `application/problem+json` (RFC 9457): `status`, `reason` (a token from the list',
  '  below, for scripts), `title`, `detail` (what to do, for people); some have more, such as',
  '  `findings`. Nothing has changed then.',
  '',
  '## Streams',
  '',
  'Server-sent events with growing ids. The first one has the whole document and the name of',
  'its kind, `status` or `services`. Each `change` after it is a list of what is different now:',
  '`{"at": ["services", "shop", "state"], "is": "down"}`, or `"gone": true` instead of `is`, or',
  '`"order"`, the names of the entries of a list. An entry of a list is addressed by its `name`;',
  'one that the list did not have goes to its end. Figures that move by themselves (uptime,',
  'memory, counters) are told every 10 seconds, everything else at once. Whoever connects again',
  'begins with the whole document again. A comment comes at least every 10 seconds.',
  '',
]

function table(operations: Readonly<Record<string, OperationDescription>>): readonly string[] {
  return [
    '## Operations',
    '',
    '| operation | | role | what it does | refusals of its own |',
    '|---|---|---|---|---|',
    ...Object.entries(operations).map(([id, { method, path, role, summary, problems }]) => {
      const tokens = problems.map(code).join(', ')
      const cells = [code(`${method} ${path}`), id, role, summary, tokens]
      return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
    }),
    '',
  ]
}

const reasons = (): readonly string[] => [
  '## Reasons',
  '',
  '| reason | |',
  '|---|---|',
  ...(Object.keys(problemReasons) as ProblemReason[]).map(
    reason => `| ${code(reason)} | ${problemReasons[reason]} |`,
  ),
]

const code = (text: string): string => `\`${text}\``
