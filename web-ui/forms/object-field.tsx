import { useState } from 'preact/hooks'
import { Field } from './field.tsx'
import { firstOf } from './first.ts'
import { type FieldProps, isWrongIn, useForm } from './form.ts'
import { Group } from './frame.tsx'
import { type Path, tableOf, withEntry } from './path.ts'
import type { Described } from './schema.ts'
import type { Shorthand } from './shorthand.ts'
import { label } from './words.ts'

type ObjectProps = {
  readonly path: Path
  readonly object: Described
  readonly short: Shorthand | null
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  readonly compact?: boolean
}

export function ObjectField(props: FieldProps & Pick<ObjectProps, 'object' | 'short'>) {
  const { onChange, required, node } = props
  const { readOnly } = useForm()
  // Without anything in it, it says no more than its default does.
  const isNeeded = required || node.default === undefined
  return (
    <Group {...props}>
      <ObjectFields {...props} onChange={value => onChange(value ?? (isNeeded ? {} : undefined))} />
      {!required && node.default === undefined && !readOnly && (
        <p>
          <button type="button" onClick={() => onChange(undefined)}>
            Remove {props.name.toLowerCase()}
          </button>
        </p>
      )}
    </Group>
  )
}

/** First what has to be there, what is set, and what most people set; the rest behind a word. */
export function ObjectFields(props: ObjectProps) {
  const { path, object, short, value, onChange, compact = false } = props
  const own = typeof value === 'string' ? (short?.open(value) ?? {}) : tableOf(value)
  const keys = Object.entries(object.properties ?? {})
    .filter(([, node]) => node.const === undefined)
    .map(([key]) => key)
  // What is set meanwhile stays where it is.
  const [shown] = useState(() => firstOf(object, keys, key => Object.hasOwn(own, key)))
  const [isOpen, setIsOpen] = useState(false)
  const rest = keys.filter(key => !shown.includes(key))
  const { findings } = useForm()
  const isWrong = rest.some(key => isWrongIn(findings, [...path, key]))

  const change = (key: string, next: unknown): void => {
    const table = withEntry(own, key, next)
    const text = typeof value === 'object' ? null : short?.close(table)
    onChange(text ?? (Object.keys(table).length === 0 ? undefined : table))
  }
  const field = (key: string, isCompact: boolean) => (
    <Field
      key={key}
      node={(object.properties?.[key] ?? {}) as Described}
      path={[...path, key]}
      name={label(key)}
      value={own[key]}
      required={object.required?.includes(key) === true}
      onChange={next => change(key, next)}
      compact={isCompact}
    />
  )
  return (
    <>
      <div class={compact ? 'fields row' : 'fields'}>{shown.map(key => field(key, compact))}</div>
      {rest.length > 0 && (
        <details
          class="more"
          open={isOpen || isWrong}
          onToggle={event => setIsOpen(event.currentTarget.open)}
        >
          <summary>
            More settings<span class="hidden"> of {path.slice(2).join(' ')}</span>
          </summary>
          <div class="fields">{(isOpen || isWrong) && rest.map(key => field(key, false))}</div>
        </details>
      )}
    </>
  )
}
