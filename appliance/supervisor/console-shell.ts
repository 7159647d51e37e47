import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { libDir } from '../linux/lib-dir.ts'
import type { FeedEvent } from './control/change-feed.ts'

const patienceMs = 2000

/**
 * A shell of root on a terminal of the box, until it ends or the reader does. Started here, because
 * the console itself has given up all that root may do.
 */
export const shellOn =
  (terminal: string) =>
  (tell: (event: FeedEvent) => void): (() => void) => {
    // A session of its own: the terminal that it opens first becomes its own.
    const shell = spawn(join(libDir, 'console-shell'), [terminal], {
      stdio: 'ignore',
      detached: true,
      cwd: '/',
      env: {},
    })
    const ended = (why: string): void =>
      tell({ id: 1, event: 'ended', data: JSON.stringify({ why }) })
    shell.on('error', error => ended(`it does not start: ${error.message}`))
    shell.on('exit', () => ended(''))
    return () => {
      shell.kill('SIGHUP')
      setTimeout(() => shell.kill('SIGKILL'), patienceMs).unref()
    }
  }
