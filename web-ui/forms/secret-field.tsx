import { useRef } from 'preact/hooks'
import { useForm } from './form.ts'
import { Frame } from './frame.tsx'
import { helpOf, type TextProps, textOf } from './text-field.tsx'

/** What stands where a secret is; where it is left, the secret stays. */
export const notShown = '(not shown)'

/** What is set is never shown: it is replaced, or stays. */
export function SecretField(props: TextProps) {
  const { value, onChange, node, shape, name } = props
  const { readOnly } = useForm()
  const wasSet = useRef(false)
  if (value === notShown) wasSet.current = true
  if (value === notShown) {
    return (
      <Frame {...props} help={helpOf(node, shape.node)}>
        {(id, about) => (
          <span class="secret">
            <input id={id} {...about} readOnly value="is set" class="set" />
            {!readOnly && (
              <button type="button" onClick={() => onChange(undefined)}>
                Replace<span class="hidden"> {name}</span>
              </button>
            )}
          </span>
        )}
      </Frame>
    )
  }
  return (
    <Frame {...props} help={helpOf(node, shape.node)}>
      {(id, about) => (
        <span class="secret">
          <input
            id={id}
            {...about}
            type="password"
            autocomplete="new-password"
            readOnly={readOnly}
            value={textOf(value)}
            onInput={event => onChange(event.currentTarget.value || undefined)}
          />
          {!readOnly && node.description?.includes('rand -hex') === true && (
            <button type="button" onClick={() => onChange(randomHex())}>
              Make one
            </button>
          )}
          {wasSet.current && (
            <button type="button" onClick={() => onChange(notShown)}>
              Keep the old one
            </button>
          )}
        </span>
      )}
    </Frame>
  )
}

const randomHex = (): string =>
  [...crypto.getRandomValues(new Uint8Array(32))]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join('')
