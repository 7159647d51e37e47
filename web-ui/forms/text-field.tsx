import { useState } from 'preact/hooks'
import { afterPress } from './after-press.ts'
import { type FieldProps, useForm } from './form.ts'
import { Frame } from './frame.tsx'
import { ReferenceField } from './reference-field.tsx'
import type { Described } from './schema.ts'
import { notShown, SecretField } from './secret-field.tsx'
import type { Shape } from './shape.ts'
import { defaultText } from './words.ts'

export type TextProps = FieldProps & { readonly shape: Extract<Shape, { kind: 'text' }> }

/** A text, a number, a time: what is not as it has to be is said when one goes on. */
export function TextField(props: TextProps) {
  const { path, value, shape, node } = props
  const [isLeft, setIsLeft] = useState(false)
  const { readOnly } = useForm()
  if (shape.node.refersTo !== undefined) return <ReferenceField {...props} />
  if (/^(password|secret)$/.test(String(path.at(-1))) || value === notShown) {
    return <SecretField {...props} />
  }
  const trouble = isLeft ? troubleOf(shape, value) : null
  return (
    <Frame {...props} help={helpOf(node, shape.node)} trouble={trouble}>
      {(id, about) => (
        <input
          id={id}
          {...about}
          value={textOf(value)}
          readOnly={readOnly}
          placeholder={defaultText(node) ?? ''}
          inputMode={shape.numeric && shape.node.type !== 'string' ? 'numeric' : 'text'}
          autocomplete="off"
          spellcheck={false}
          onInput={event => props.onChange(read(shape, event.currentTarget.value))}
          onBlur={() => afterPress(() => setIsLeft(true))}
        />
      )}
    </Frame>
  )
}

export const textOf = (value: unknown): string =>
  value === undefined || value === null ? '' : String(value)

export function helpOf({ description = '' }: Described, { expected, type }: Described): string {
  if (expected === undefined || type === 'boolean' || description.includes(expected)) {
    return description
  }
  return `${description} ${expected.charAt(0).toUpperCase()}${expected.slice(1)}.`.trim()
}

function read({ numeric }: TextProps['shape'], text: string): unknown {
  if (text === '') return undefined
  return numeric && /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : text
}

/** What can be said without the box; null: nothing. */
function troubleOf({ node, numeric }: TextProps['shape'], value: unknown): string | null {
  if (value === undefined || value === null) return null
  const { pattern, minimum = -Infinity, maximum = Infinity, expected } = node
  const isGood =
    typeof value === 'number'
      ? !numeric || (value >= minimum && value <= maximum)
      : pattern === undefined
        ? node.type === 'string' || node.type === undefined
        : new RegExp(pattern, 'u').test(String(value))
  return isGood || expected === undefined ? null : `Expected ${expected}`
}
