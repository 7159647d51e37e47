import { type Alert, alertJson } from './alert.ts'

/** PIPE_BUF: so much goes into a pipe as a whole or not at all, pipe(7). */
const most = 4096
/** Of the only line that is left: every character may take six bytes of JSON. */
const mostOfLine = 400

/** One line, with as many of the alert's lines as fit. */
export function fifoLine(alert: Alert): string {
  const { lines } = alert
  for (let kept = lines.length; kept > 0; kept--) {
    const left = lines.length - kept
    const some = left === 0 ? lines : [...lines.slice(0, kept), `and ${left} more`]
    const line = `${alertJson({ ...alert, lines: some })}\n`
    if (new TextEncoder().encode(line).length <= most) return line
  }
  const short = lines.slice(0, 1).map(line => line.slice(0, mostOfLine))
  return `${alertJson({ ...alert, lines: short })}\n`
}
