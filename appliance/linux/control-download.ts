import type { ControlAnswer } from './control-request.ts'

const longestSilence = 90_000

export type Download =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly answer: ControlAnswer }

/** A file over a control socket, whole. Rejects with the error of the socket. */
export function downloadFrom(socketPath: string, path: string, author: string): Promise<Download> {
  const { request } = process.getBuiltinModule('node:http')
  return new Promise((resolve, reject) => {
    const headers = { 'X-Diarch-User': author }
    const asking = request({ socketPath, path, headers, timeout: longestSilence }, response => {
      const parts: Buffer[] = []
      response.on('data', part => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const { statusCode: status = 500 } = response
        const bytes = Buffer.concat(parts)
        if (status === 200) resolve({ kind: 'file', bytes })
        else resolve({ kind: 'refused', answer: { status, value: problemIn(bytes) } })
      })
    })
    asking.on('timeout', () => asking.destroy(new Error('no answer within 90 s')))
    asking.on('error', reject)
    asking.end()
  })
}

function problemIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}
