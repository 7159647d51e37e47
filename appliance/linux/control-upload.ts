import type { Readable } from 'node:stream'
import type { ControlAnswer } from './control-request.ts'

/** A slot is read back before it is answered, and a disk may be slow. */
const longestSilence = 10 * 60_000

/**
 * Sends a file over a control socket as fast as the other end takes it. An answer that comes before
 * its end is a refusal: the rest is not sent.
 */
export function uploadControl(
  socketPath: string,
  path: string,
  author: string,
  content: Readable,
  length: number | null,
  onProgress: (bytes: number) => void = () => {},
): Promise<Pick<ControlAnswer, 'status' | 'value'>> {
  const { request } = process.getBuiltinModule('node:http')
  return new Promise((resolve, reject) => {
    const headers = {
      'X-Diarch-User': author,
      'Content-Type': 'application/octet-stream',
      ...(length === null ? {} : { 'Content-Length': length }),
    }
    const method = 'POST'
    const asking = request({ socketPath, method, path, headers, timeout: longestSilence })
    const failed = (error: Error): void => {
      content.destroy()
      asking.destroy()
      reject(error)
    }
    asking.on('response', response => {
      const parts: Buffer[] = []
      response.on('data', part => parts.push(part))
      response.on('error', failed)
      response.on('end', () => {
        content.destroy()
        if (!asking.writableFinished) asking.destroy()
        resolve({ status: response.statusCode ?? 500, value: parsed(Buffer.concat(parts)) })
      })
    })
    asking.on('timeout', () => failed(new Error(`no answer within ${longestSilence / 1000} s`)))
    asking.on('error', failed)
    content.on('error', failed)
    let bytes = 0
    content.on('data', part => {
      bytes += part.length
      onProgress(bytes)
    })
    content.pipe(asking)
  })
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}
