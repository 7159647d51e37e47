import { useState } from 'preact/hooks'
import type { Backup as BackupFile } from '../../appliance/api/backup-operations.ts'
import type { ChangeAnswer } from '../../appliance/api/configuration.ts'
import { ask, textOf } from '../api.ts'

type Plan = ChangeAnswer & { readonly notes: readonly string[] }
type Chosen = { readonly name: string; readonly backup: BackupFile; readonly passphrase: string }

const trial = '2m'

/** Keeping the configuration, putting a kept one in force, and what others need to help. */
export function Backup() {
  const [why, setWhy] = useState('')
  const tell = (error: unknown): void => setWhy(textOf(error))
  return (
    <section aria-label="Backup and support">
      <h2>Backup and support</h2>
      <Keep onError={tell} />
      <Restore onError={tell} />
      <p>
        <a class="button" href="/api/v1/support" download="diarch-support.tar.gz">
          Download a support bundle
        </a>{' '}
        <span class="quiet">
          Status, events, logs and what the kernel says. Passwords and keys are not in it.
        </span>
      </p>
      <p class="refused" role="alert">
        {why}
      </p>
    </section>
  )
}

type Errors = { readonly onError: (error: unknown) => void }

function Keep({ onError }: Errors) {
  const keep = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const passphrase = String(new FormData(form).get('passphrase'))
    try {
      const body = passphrase === '' ? {} : { passphrase }
      const made = await ask<BackupFile>('POST', '/api/v1/backup', body)
      save(`diarch-${made.hostname}-${made.madeAt.slice(0, 10)}.json`, made)
      form.reset()
    } catch (error) {
      onError(error)
    }
  }
  return (
    <form class="row" onSubmit={event => void keep(event)}>
      <Whose />
      <label>
        Passphrase for passwords and keys, or none: without them
        <input name="passphrase" type="password" minLength={12} autocomplete="new-password" />
      </label>
      <button type="submit">Download a backup</button>
    </form>
  )
}

/** Says to a password manager whose passphrase this is. */
const Whose = () => (
  <input class="hidden" autocomplete="username" value="backup" readOnly tabIndex={-1} aria-hidden />
)

function Restore({ onError }: Errors) {
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [plan, setPlan] = useState<Plan | null>(null)
  const [said, setSaid] = useState('')

  const look = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setSaid('')
    const data = new FormData(event.target as HTMLFormElement)
    const file = data.get('file')
    if (!(file instanceof File)) return
    try {
      const backup = JSON.parse(await file.text()) as BackupFile
      const wanted = { name: file.name, backup, passphrase: String(data.get('passphrase')) }
      setPlan(await restore(wanted, { dryRun: true }))
      setChosen(wanted)
    } catch (error) {
      setPlan(null)
      onError(error)
    }
  }
  const go = async (isTrial: boolean): Promise<void> => {
    if (chosen === null) return
    try {
      await restore(chosen, isTrial ? { confirmWithin: trial } : {})
      setSaid(`${chosen.name} is in force.`)
      setPlan(null)
    } catch (error) {
      onError(error)
    }
  }
  return (
    <>
      <form class="row" onSubmit={event => void look(event)}>
        <Whose />
        <label>
          Backup
          <input name="file" type="file" accept=".json,application/json" required />
        </label>
        <label>
          Its passphrase, if it has one
          <input name="passphrase" type="password" autocomplete="off" />
        </label>
        <button type="submit">What would it change?</button>
      </form>
      {plan !== null && (
        <>
          <pre class="panel">
            {[
              ...(isSame(plan)
                ? ['Nothing: it is in force.']
                : [...plan.planText, '', ...plan.differences]),
              ...plan.notes,
            ].join('\n')}
          </pre>
          {!isSame(plan) && (
            <p>
              <button type="button" class="primary" onClick={() => void go(true)}>
                Try it for two minutes
              </button>{' '}
              <button type="button" onClick={() => void go(false)}>
                Put it in force
              </button>
            </p>
          )}
        </>
      )}
      <p role="status">{said}</p>
    </>
  )
}

/** A rehearsal plans also what changes nothing. */
const isSame = ({ outcome, differences }: Plan): boolean =>
  outcome === 'same' || differences.length === 0

const restore = ({ backup, passphrase }: Chosen, how: object): Promise<Plan> =>
  ask<Plan>('POST', '/api/v1/backup/restoration', {
    ...how,
    backup,
    ...(passphrase === '' ? {} : { passphrase }),
  })

function save(name: string, value: unknown): void {
  const content = new Blob([`${JSON.stringify(value, null, 2)}\n`], { type: 'application/json' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
