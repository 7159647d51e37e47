import { Writable } from 'node:stream'
import { Failure } from './exit-code.ts'

/** Somebody is there who reads and can answer. */
export const isTerminal = (): boolean =>
  process.stdin.isTTY === true && process.stdout.isTTY === true

/** Only an explicit yes is one. */
export async function agrees(question: string): Promise<boolean> {
  const answer = await answerTo(`${question} [y/N] `, process.stdout)
  return /^y(es)?$/i.test(answer.trim())
}

/** Nothing of it is seen. */
export async function askSecretly(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_part, _encoding, done) => done() })
  return answerTo(question, nowhere)
}

/** Ctrl-C and Ctrl-D end the program; what it was about to do is not done. */
async function answerTo(question: string, echo: NodeJS.WritableStream): Promise<string> {
  const { createInterface } = await import('node:readline')
  // The terminal shows no keys any more from here on; before that the question would be too early.
  const reader = createInterface({ input: process.stdin, output: echo, terminal: true })
  const isSecret = echo !== process.stdout
  if (isSecret) process.stdout.write(question)
  return new Promise<string>((resolve, reject) => {
    const leave = (): void => {
      if (!isSecret) process.stdout.write('\n')
      reject(new Failure('nothing is changed'))
    }
    reader.on('SIGINT', () => reader.close())
    reader.on('close', leave)
    reader.question(question, answer => {
      reader.off('close', leave)
      resolve(answer)
    })
  }).finally(() => {
    reader.close()
    if (isSecret) process.stdout.write('\n')
  })
}
