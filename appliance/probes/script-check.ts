import type { Finding } from '../health/check.ts'
import type { ScriptQuestion, Target } from '../health/question.ts'
import { type Ask, failed, passed } from './asking.ts'
import { type ScriptEnding, ScriptRun } from './script.ts'
import { untilAborted } from './until-aborted.ts'

/** Between SIGTERM and SIGKILL, to remove what it made. */
const graceMs = 500

/** A program of the operator's; its exit code is the answer, as with keepalived's MISC_CHECK. */
export const askScript: Ask<ScriptQuestion> = async (question, target, signal) => {
  const { command, user, dynamic } = question
  let ended = false
  const { promise, resolve } = Promise.withResolvers<ScriptEnding>()
  const run = new ScriptRun(
    { command, user, output: null, leftovers: 'end', environment: environmentOf(target) },
    ending => {
      ended = true
      resolve(ending)
    },
  )
  const ending = await untilAborted(promise, signal)
  if (ending !== 'aborted') return judged(ending, dynamic)
  run.signal('SIGTERM')
  setTimeout(() => {
    if (!ended) run.signal('SIGKILL')
  }, graceMs)
  return failed('timeout', `${command[0]} did not end in time and was stopped`)
}

const environmentOf = (target: Target): Readonly<Record<string, string>> => ({
  DIARCH_ADDRESS: target.address,
  ...(target.port === null ? {} : { DIARCH_PORT: String(target.port) }),
})

function judged(ending: ScriptEnding, dynamic: boolean): Finding {
  switch (ending.how) {
    case 'refused':
      return failed('cannot-ask', ending.why)
    case 'killed':
      return failed('wrong-answer', `it was ended by ${ending.signal}`)
    case 'exited': {
      const { code } = ending
      if (code === 0) return passed('exit code 0')
      if (code === 1 || !dynamic) return failed('wrong-answer', `exit code ${code}`)
      return passed(`exit code ${code}: weight ${code - 2}`, { kind: 'set', value: code - 2 })
    }
  }
}
