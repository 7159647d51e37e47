import { Usual } from './choice-field.tsx'
import { Field } from './field.tsx'
import { type FieldProps, useForm } from './form.ts'
import { Frame, Group } from './frame.tsx'
import { ObjectFields } from './object-field.tsx'
import { carriedOver, type Option, optionFor } from './shape.ts'
import { defaultText } from './words.ts'

/** Which kind of value it is, and then what that kind has. */
export function UnionField(props: FieldProps & { readonly options: readonly Option[] }) {
  const { node, options, value, onChange, required, path, name } = props
  const { readOnly } = useForm()
  const chosen = value === undefined ? undefined : optionFor(options, value)
  const choice = (
    <Frame {...props} help={node.description ?? ''}>
      {(id, about) => (
        <select
          id={id}
          {...about}
          disabled={readOnly}
          value={chosen === undefined ? '' : String(options.indexOf(chosen))}
          onChange={event => {
            const option = options[Number(event.currentTarget.value || -1)]
            onChange(option === undefined ? undefined : carriedOver(option, value))
          }}
        >
          <Usual required={required} text={defaultText(node)} />
          {options.map((option, index) => (
            <option key={option.label} value={String(index)}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Frame>
  )
  if (!chosen?.node) return choice
  if (chosen.node.type !== 'object') {
    return (
      <>
        {choice}
        <Field {...props} node={chosen.node} name={`${name}: value`} required />
      </>
    )
  }
  return (
    <div class="chosen">
      {choice}
      <Group path={[...path, '']} name={`${name}: ${chosen.label}`} node={{}}>
        <ObjectFields
          path={path}
          object={chosen.node}
          short={chosen.short}
          value={value}
          onChange={next => onChange(next ?? {})}
        />
      </Group>
    </div>
  )
}
