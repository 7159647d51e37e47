import { useState } from 'preact/hooks'
import type { AuditEntry } from '../../appliance/api/access-schema.ts'
import { ask, textOf } from '../api.ts'
import { Table } from '../table.tsx'
import { timeText } from '../times.ts'

const mostShown = 100

/** Who changed what, and who was refused; read when somebody wants to see it. */
export function Audit() {
  const [entries, setEntries] = useState<readonly AuditEntry[] | null>(null)
  const [why, setWhy] = useState('')
  const look = async (): Promise<void> => {
    setWhy('')
    try {
      const answer = await ask<{ entries: readonly AuditEntry[] }>('GET', '/api/v1/audit')
      setEntries(answer.entries.slice(-mostShown).reverse())
    } catch (error) {
      setWhy(textOf(error))
    }
  }
  return (
    <section aria-label="Audit">
      <h2>Who did what</h2>
      <button type="button" onClick={() => void look()}>
        {entries === null ? 'Read the record' : 'Read it again'}
      </button>
      <p class="refused" role="alert">
        {why}
      </p>
      {entries !== null && (
        <Table
          headings={['When', 'Who', 'What', 'Outcome', 'Revision']}
          rows={entries.map((entry, index) => ({
            key: `${entry.at} ${entries.length - index}`,
            cells: [
              timeText(entry.at),
              whoText(entry),
              [entry.operation, ...Object.values(entry.names)].join(' '),
              entry.outcome,
              entry.revision === null ? '' : String(entry.revision),
            ],
          }))}
          none="Nothing was changed yet."
        />
      )}
    </section>
  )
}

const whoText = ({ who, tried, from }: AuditEntry): string =>
  [who ?? tried ?? 'nobody', from ?? 'on the box'].join(', ')
