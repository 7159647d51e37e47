import { useState } from 'preact/hooks'
import { Field } from './field.tsx'
import { type FieldProps, useForm } from './form.ts'
import { Group } from './frame.tsx'
import { type Described, resolved, titled } from './schema.ts'
import { defaultText, oneOf } from './words.ts'

export function ListField(props: FieldProps) {
  const { node, value, onChange, name, path } = props
  const { schema, readOnly } = useForm()
  // Whoever stands behind one that goes is another one.
  const [round, setRound] = useState(0)
  const items = Array.isArray(value) ? value : []
  const each = (node.items ?? {}) as Described
  const choices = resolved(schema, each).enum
  if (choices !== undefined) return <Choices {...props} choices={choices} items={items} />
  const usual = defaultText(node) ?? 'none'
  const isFixed = node.default !== undefined || props.required

  const one = oneOf(name, titled(schema, each))
  const set = (next: readonly unknown[]): void =>
    onChange(next.length === 0 && node.default !== undefined ? undefined : next)
  const remove = (index: number): void => {
    setRound(round + 1)
    set(items.filter((_, at) => at !== index))
  }
  return (
    <Group {...props}>
      {items.length === 0 && (
        <p class="quiet">{value === undefined && !isFixed ? `Default: ${usual}.` : 'None.'}</p>
      )}
      <ol class="rows">
        {items.map((item, index) => (
          <li key={`${round} ${index}`}>
            <Field
              node={node.prefixItems?.[index] ?? each}
              path={[...path, index]}
              name={`${one} ${index + 1}`}
              value={item}
              required
              compact
              onChange={next => set(items.map((old, at) => (at === index ? (next ?? '') : old)))}
            />
            {!readOnly && (
              <button type="button" onClick={() => remove(index)}>
                Remove<span class="hidden">{` ${one} ${index + 1}`}</span>
              </button>
            )}
          </li>
        ))}
      </ol>
      {!readOnly && (
        <p class="buttons">
          <button type="button" onClick={() => set([...items, emptyOf(schema, each)])}>
            Add {one.toLowerCase()}
          </button>
          {value !== undefined && !isFixed && (
            <button type="button" onClick={() => onChange(undefined)}>
              Use the default
            </button>
          )}
        </p>
      )}
    </Group>
  )
}

/** Of a list: what it begins with is typed over. */
export function emptyOf(schema: Described, each: Described): unknown {
  const own = resolved(schema, each)
  const takesText = [own, ...(own.anyOf ?? [])].some(({ type }) => type === 'string')
  return takesText || own.type === 'integer' ? '' : {}
}

function Choices({
  choices,
  items,
  ...props
}: FieldProps & { readonly choices: readonly unknown[]; readonly items: readonly unknown[] }) {
  const { readOnly } = useForm()
  const { onChange, node } = props
  const set = (next: readonly unknown[]): void =>
    onChange(next.length === 0 && node.default !== undefined ? undefined : next)
  return (
    <Group {...props}>
      <div class="choices">
        {choices.map(choice => (
          <label class="check" key={String(choice)}>
            <input
              type="checkbox"
              disabled={readOnly}
              checked={items.includes(choice)}
              onChange={({ currentTarget: { checked } }) =>
                set(checked ? [...items, choice] : items.filter(item => item !== choice))
              }
            />
            {String(choice)}
          </label>
        ))}
      </div>
    </Group>
  )
}
