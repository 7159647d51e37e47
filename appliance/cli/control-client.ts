import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Problem } from '../api/problem.ts'
import { downloadFrom } from '../linux/control-download.ts'
import { type ControlAnswer, type ControlMethod, requestControl } from '../linux/control-request.ts'
import { uploadControl } from '../linux/control-upload.ts'
import { author } from './author.ts'
import { exitCode, Failure } from './exit-code.ts'

export const pathOfProcess = (name: string, action: 'log' | 'restart'): string =>
  `/api/v1/processes/${encodeURIComponent(name)}/${action}`

/** The supervisor said no, and why; somebody may know better words for it. */
export class Refused extends Failure {
  readonly problem: Problem

  constructor(problem: Problem) {
    const { title, detail } = problem
    const joint = /^[a-z]/.test(detail) ? ':' : '.'
    super(detail ? `${title}${joint} ${detail}` : title)
    this.problem = problem
  }
}

/** One request over the control socket; a refusal becomes a `Failure` in the supervisor's words. */
export async function ask(
  runDir: string,
  method: ControlMethod,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const socketPath = join(runDir, 'control.sock')
  return answerOf(socketPath, requestControl(socketPath, method, path, author(process.env), body))
}

export type Upload = {
  readonly content: Readable
  readonly length: number | null
  readonly onProgress?: (bytes: number) => void
}

/** The same with the bytes of a file. */
export async function upload(
  runDir: string,
  path: string,
  { content, length, onProgress = () => {} }: Upload,
): Promise<unknown> {
  const socketPath = join(runDir, 'control.sock')
  const who = author(process.env)
  return answerOf(socketPath, uploadControl(socketPath, path, who, content, length, onProgress))
}

async function answerOf(
  socketPath: string,
  asked: Promise<Pick<ControlAnswer, 'status' | 'value'>>,
): Promise<unknown> {
  const { status, value } = await asked.catch((error: NodeJS.ErrnoException) => {
    throw noAnswer(socketPath, error)
  })
  if (status < 300) return value
  throw refusal(value, status)
}

/** A file, whole. */
export async function askFile(runDir: string, path: string): Promise<Uint8Array> {
  const socketPath = join(runDir, 'control.sock')
  const asked = downloadFrom(socketPath, path, author(process.env))
  const got = await asked.catch((error: NodeJS.ErrnoException) => {
    throw noAnswer(socketPath, error)
  })
  if (got.kind === 'file') return got.bytes
  throw refusal(got.answer.value, got.answer.status)
}

function noAnswer(socketPath: string, error: NodeJS.ErrnoException): Failure {
  if (error.code === 'EACCES') {
    const advice = 'be root or a member of the group diarch'
    return new Failure(`no access to ${socketPath}: ${advice}`, exitCode.noSupervisor)
  }
  const absent = error.code === 'ENOENT' || error.code === 'ECONNREFUSED'
  const why = absent ? 'none runs there' : error.message
  const advice = absent
    ? 'Start one with "diarch run", or name its folder with --run DIR.'
    : '"diarch status" says whether it lives, "diarch config history" what is in force.'
  return new Failure(
    `no supervisor answers on ${socketPath}: ${why}. ${advice}`,
    exitCode.noSupervisor,
  )
}

function refusal(value: unknown, status: number): Failure {
  const known = typeof value === 'object' && value !== null && 'title' in value
  if (known) return new Refused(value as Problem)
  return new Failure(`the supervisor answered with status ${status}`)
}
