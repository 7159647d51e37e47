import type { WebStatus } from '../status/document.ts'

/**
 * Whether the page answers over HTTPS with the certificate that was announced. Asked only while a
 * slot is on trial; TLS is loaded for that alone.
 */
export async function webAnswers({ port, fingerprint }: WebStatus): Promise<boolean> {
  const { get } = await import('node:https')
  return new Promise(resolve => {
    const request = get(
      {
        host: '127.0.0.1',
        port,
        path: '/',
        rejectUnauthorized: false,
        timeout: 5000,
        agent: false,
      },
      response => {
        const { socket } = response
        const shown =
          'getPeerCertificate' in socket && typeof socket.getPeerCertificate === 'function'
            ? socket.getPeerCertificate().fingerprint256
            : null
        const status = response.statusCode ?? 500
        response.resume()
        resolve(status < 500 && shown === fingerprint)
      },
    )
    request.on('timeout', () => request.destroy(new Error('no answer within 5 s')))
    request.on('error', () => resolve(false))
  })
}
