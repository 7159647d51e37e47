import { useState } from 'preact/hooks'
import { Usual } from './choice-field.tsx'
import { useForm } from './form.ts'
import { Frame } from './frame.tsx'
import { namesOf } from './references.ts'
import { helpOf, type TextProps, textOf } from './text-field.tsx'
import { defaultText } from './words.ts'

const another = '(another)'

/** One of those that exist; a port of the other box may be called otherwise, and is typed. */
export function ReferenceField(props: TextProps) {
  const { node, shape, value, onChange, required } = props
  const { schema, document, ports, readOnly } = useForm()
  const refersTo = shape.node.refersTo ?? ''
  const isPort = refersTo === 'interfaces'
  const names = namesOf(schema, document, refersTo, ports)
  const [typed, setTyped] = useState(isPort && names.length === 0)
  const text = textOf(value)
  const help = helpOf(node, typed ? shape.node : {})
  const usual = defaultText(node) ?? 'none'
  if (typed) {
    return (
      <Frame {...props} help={help}>
        {(id, about) => (
          <input
            id={id}
            {...about}
            readOnly={readOnly}
            value={text}
            placeholder={required ? '' : usual}
            autocomplete="off"
            spellcheck={false}
            onInput={event => onChange(event.currentTarget.value || undefined)}
          />
        )}
      </Frame>
    )
  }
  return (
    <Frame {...props} help={help}>
      {(id, about) => (
        <select
          id={id}
          {...about}
          disabled={readOnly}
          value={text}
          onChange={event => {
            const chosen = event.currentTarget.value
            if (chosen === another) setTyped(true)
            else onChange(chosen === '' ? undefined : chosen)
          }}
        >
          <Usual required={required} text={defaultText(node)} />
          {[...new Set([...names, ...(text === '' ? [] : [text])])].map(name => (
            <option key={name} value={name}>
              {name}
              {!names.includes(name) && ' (there is none)'}
            </option>
          ))}
          {isPort && <option value={another}>Another one</option>}
        </select>
      )}
    </Frame>
  )
}
