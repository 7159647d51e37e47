import { useEffect, useRef, useState } from 'preact/hooks'
import type { ChangeAnswer, ChangeRequest } from '../../appliance/api/configuration.ts'

/** What a change would do, before it does; the dialog takes the focus, and gives it back. */
export function ChangeDialog({
  plan,
  busy,
  apply,
  close,
}: {
  readonly plan: ChangeAnswer
  readonly busy: boolean
  readonly apply: (more: Partial<ChangeRequest>) => void
  readonly close: () => void
}) {
  const [onTrial, setOnTrial] = useState(plan.revision !== null)
  const [trial, setTrial] = useState('2m')
  const [reason, setReason] = useState('')
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  const { outcome, differences, planText } = plan
  return (
    <dialog ref={dialog} class="plan" aria-label="Plan" onClose={close}>
      <form
        method="dialog"
        onSubmit={event => {
          event.preventDefault()
          apply({
            ...(onTrial ? { confirmWithin: trial } : {}),
            ...(reason === '' ? {} : { reason }),
          })
        }}
      >
        <h2>{outcome === 'same' ? 'Nothing would change' : 'What would change'}</h2>
        {differences.length > 0 && <Lines lines={differences} />}
        {planText.length > 0 && (
          <>
            <h2>What would happen on this box</h2>
            <Lines lines={planText} />
          </>
        )}
        <p class="buttons">
          <label>
            Why (for the history)
            <input value={reason} onInput={event => setReason(event.currentTarget.value)} />
          </label>
          {plan.revision !== null && (
            <>
              <label class="check">
                <input
                  type="checkbox"
                  checked={onTrial}
                  onChange={event => setOnTrial(event.currentTarget.checked)}
                />
                On trial: goes back by itself unless it is kept within
              </label>
              <input
                class="short"
                aria-label="Length of the trial"
                value={trial}
                disabled={!onTrial}
                onInput={event => setTrial(event.currentTarget.value)}
              />
            </>
          )}
        </p>
        <p class="buttons">
          <button type="submit" class="primary" disabled={busy || outcome === 'same'}>
            Apply
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Edit further
          </button>
        </p>
      </form>
    </dialog>
  )
}

/** Scrolled by the keyboard too. */
const Lines = ({ lines }: { readonly lines: readonly string[] }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached.
  <pre tabIndex={0}>{lines.join('\n')}</pre>
)
