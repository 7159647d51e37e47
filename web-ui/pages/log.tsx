import { useEffect, useState } from 'preact/hooks'
import { ask, textOf } from '../api.ts'
import { timeText } from '../times.ts'

type Answer = {
  readonly dropped: number
  readonly lines: readonly { readonly at: string; readonly text: string }[]
}

/** The last lines that a process wrote. */
export function Log({ names }: { readonly names: readonly string[] }) {
  const [name, setName] = useState('')
  const [log, setLog] = useState<Answer | null>(null)
  const [why, setWhy] = useState('')

  const look = async (): Promise<void> => {
    setWhy('')
    setLog(null)
    if (name === '') return
    try {
      setLog(await ask<Answer>('GET', `/api/v1/processes/${encodeURIComponent(name)}/log`))
    } catch (error) {
      setWhy(textOf(error))
    }
  }
  useEffect(() => void look(), [name])
  return (
    <>
      <div class="bar">
        <label>
          Log of
          <select value={name} onChange={event => setName(event.currentTarget.value)}>
            <option value="">no process</option>
            {names.map(each => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        {name !== '' && (
          <button type="button" onClick={() => void look()}>
            Read again
          </button>
        )}
      </div>
      <p class="refused" role="alert">
        {why}
      </p>
      {log !== null && (
        <pre>
          {log.dropped > 0 && `(${log.dropped} older lines are gone)\n`}
          {log.lines.length === 0
            ? 'It has written nothing.'
            : log.lines.map(({ at, text }) => `${timeText(at)}  ${text}`).join('\n')}
        </pre>
      )}
    </>
  )
}
