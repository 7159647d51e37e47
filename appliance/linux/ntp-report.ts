import { connect } from 'node:net'
import { type NtpReport, ntpReport } from '../status/time-status.ts'

const within = 2000
const longest = 256 * 1024
const lengthBytes = 8

/**
 * What `ntp-daemon` says of itself at its observation socket: the length of a JSON text in eight
 * bytes, and the text. Null: it does not answer, or says something else.
 */
export function readNtpReport(path: string): Promise<NtpReport | null> {
  return new Promise(resolve => {
    const socket = connect(path)
    const pieces: Buffer[] = []
    let length = 0
    const late = setTimeout(() => socket.destroy(), within)
    socket.on('data', piece => {
      pieces.push(piece)
      length += piece.length
      if (length > longest) socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(late)
      resolve(parsed(Buffer.concat(pieces).subarray(lengthBytes).toString()))
    })
  })
}

function parsed(text: string): NtpReport | null {
  try {
    return ntpReport(JSON.parse(text))
  } catch {
    return null
  }
}
