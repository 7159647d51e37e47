import { type FieldProps, useForm } from './form.ts'
import { Frame } from './frame.tsx'
import { defaultText, valueText } from './words.ts'

/** One of a few values; what is on or off is a box to tick. */
export function ChoiceField(props: FieldProps & { readonly values: readonly unknown[] }) {
  const { node, values, value, onChange, required } = props
  const { readOnly } = useForm()
  const help = node.description ?? ''
  const usual = node.default
  if (values.every(each => typeof each === 'boolean') && typeof usual === 'boolean') {
    return (
      <Frame {...props} help={help}>
        {(id, about) => (
          <input
            id={id}
            {...about}
            type="checkbox"
            disabled={readOnly}
            checked={(value ?? usual) === true}
            onChange={({ currentTarget: { checked } }) =>
              onChange(checked === usual ? undefined : checked)
            }
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
          value={value === undefined ? '' : JSON.stringify(value)}
          onChange={event => {
            const chosen = event.currentTarget.value
            onChange(chosen === '' ? undefined : JSON.parse(chosen))
          }}
        >
          <Usual required={required} text={defaultText(node)} />
          {[...values, ...(isKnown(values, value) ? [] : [value])].map(each => (
            <option key={JSON.stringify(each)} value={JSON.stringify(each)}>
              {valueText(each)}
            </option>
          ))}
        </select>
      )}
    </Frame>
  )
}

const isKnown = (values: readonly unknown[], value: unknown): boolean =>
  value === undefined || values.includes(value)

export const Usual = ({
  required,
  text,
}: {
  readonly required: boolean
  readonly text: string | null
}) => <option value="">{required ? 'Choose' : `Default: ${text ?? 'none'}`}</option>
