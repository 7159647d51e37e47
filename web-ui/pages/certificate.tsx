import { useEffect, useState } from 'preact/hooks'
import type { CertificateStatus } from '../../appliance/status/machine-health.ts'
import { ask, textOf } from '../api.ts'
import { Fact } from '../fact.tsx'
import { may, type User } from '../session.ts'
import { timeText } from '../times.ts'

/** Of this page, and the time that it is checked by. */
export function Certificate({ user, now }: { readonly user: User; readonly now: string }) {
  const [found, setFound] = useState<CertificateStatus | null>(null)
  const [isAsking, setAsking] = useState(false)
  const [said, setSaid] = useState('')
  const [why, setWhy] = useState('')
  useEffect(() => {
    ask<CertificateStatus>('GET', '/api/v1/certificate').then(setFound, error =>
      setWhy(textOf(error)),
    )
  }, [])
  const renew = async (): Promise<void> => {
    setAsking(false)
    try {
      await ask('POST', '/api/v1/certificate')
      setSaid('The page starts again with another one: your browser asks about it.')
    } catch (error) {
      setWhy(textOf(error))
    }
  }
  return (
    <section aria-label="Certificate and time">
      <h2>Certificate and time</h2>
      <dl class="panel facts">
        {found !== null && (
          <>
            <Fact term="SHA-256" text={found.fingerprint} />
            <Fact term="Valid until" text={endText(found.validUntil)} />
          </>
        )}
        <Fact term="Time of the box" text={clockText(now)} />
      </dl>
      {may(user, 'admin') && found !== null && (
        <p>
          {isAsking ? (
            <>
              Everybody has to trust the new one again.{' '}
              <button type="button" class="primary" onClick={() => void renew()}>
                Make a new certificate
              </button>{' '}
              <button type="button" onClick={() => setAsking(false)}>
                Not now
              </button>
            </>
          ) : (
            <button type="button" onClick={() => setAsking(true)}>
              Make a new one
            </button>
          )}
        </p>
      )}
      <p role="status">{said}</p>
      <p class="refused" role="alert">
        {why}
      </p>
    </section>
  )
}

/** RFC 5280 4.1.2.5: this moment stands for none. */
const endText = (until: string): string =>
  until.startsWith('9999-12-31') ? 'it does not end' : timeText(until)

const noticedFrom = 30

/** The figures of the box are some seconds old when they are shown. */
function clockText(now: string): string {
  const behind = Math.round((Date.now() - Date.parse(now)) / 1000)
  if (Math.abs(behind) < noticedFrom) return `${timeText(now)}, as in this browser`
  const word = behind > 0 ? 'behind' : 'ahead of'
  return `${timeText(now)}, ${Math.abs(behind)} s ${word} this browser: is one of them not set?`
}
