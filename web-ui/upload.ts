import { csrfHeader, Refusal, refusalOf } from './api.ts'

/** Bytes to the box. Not by `fetch`, which does not say how much of them has gone. */
export const upload = <T>(
  path: string,
  bytes: Blob,
  onProgress: (sent: number) => void = () => {},
): Promise<T> =>
  new Promise((resolve, reject) => {
    const asking = new XMLHttpRequest()
    asking.open('POST', path)
    asking.responseType = 'json'
    asking.setRequestHeader('Content-Type', 'application/octet-stream')
    for (const [name, value] of Object.entries(csrfHeader())) asking.setRequestHeader(name, value)
    asking.upload.onprogress = ({ loaded }) => onProgress(loaded)
    asking.onload = () => {
      if (asking.status < 300) resolve(asking.response as T)
      else reject(refusalOf(asking.status, asking.response))
    }
    asking.onerror = () => {
      const title = 'The connection to the box ended'
      const detail = 'The file did not get there as a whole: send it again.'
      reject(new Refusal({ status: 0, reason: 'no-answer', title, detail }))
    }
    asking.send(bytes)
  })
