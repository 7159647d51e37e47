import { type Command, InvalidArgumentError } from 'commander'
import { parseDuration } from '../config/duration-text.ts'
import { minutes, seconds } from '../values/duration.ts'
import { runOption } from './folders.ts'

/** Of every command that changes the configuration. */
export type ChangeOptions = {
  readonly run?: string
  readonly confirm?: string
  readonly reason?: string
  readonly dryRun?: true
  readonly yes?: true
  readonly json?: true
}

export const withChangeOptions = (command: Command): Command =>
  withCareOptions(command).option('--json', 'the answer as an object; nothing is asked')

/** How careful it is to be. */
export const withCareOptions = (command: Command): Command =>
  command
    .option(
      '--confirm <time>',
      'on trial for so long, as 2m: then it goes back by itself unless confirmed',
      time,
    )
    .option('--reason <text>', 'why, for the history')
    .option('--dry-run', 'say what would happen, and change nothing')
    .option('--yes', 'do not ask')
    .option(...runOption)

function time(text: string): string {
  const length = parseDuration(text)
  if (length !== null && length >= seconds(5) && length <= minutes(24 * 60)) return text
  throw new InvalidArgumentError('Expected a time from 5s to 24h, such as 90s, 2m or 1h.')
}
