import { useState } from 'preact/hooks'
import { ChoiceField } from './choice-field.tsx'
import { type FieldProps, useForm } from './form.ts'
import { Frame, Group } from './frame.tsx'
import { ListField } from './list-field.tsx'
import { ObjectField } from './object-field.tsx'
import { resolved } from './schema.ts'
import { fits, type Shape, shapeOf } from './shape.ts'
import { TableField } from './table-field.tsx'
import { TextField } from './text-field.tsx'
import { UnionField } from './union-field.tsx'
import { defaultText } from './words.ts'

/** Whatever the schema says of one place of the document. */
export function Field(props: FieldProps) {
  const { schema } = useForm()
  const node = resolved(schema, props.node)
  const [shape] = useState<Shape>(() => shapeOf(schema, node))
  const own = { ...props, node }
  if (!fits(shape, props.value)) {
    return (
      <Frame {...own} help={node.description ?? ''}>
        {id => (
          <input
            id={id}
            readOnly
            value={JSON.stringify(props.value)}
            title="It is written in a way that this form does not know: edit it as JSON."
          />
        )}
      </Frame>
    )
  }
  switch (shape.kind) {
    case 'text':
      return <TextField {...own} shape={shape} />
    case 'choice':
      return <ChoiceField {...own} values={shape.values} />
    case 'list':
      return <ListField {...own} />
    case 'table':
      return <TableField {...own} />
    case 'union':
      return <UnionField {...own} options={shape.options} />
    case 'object':
      return isAbsent(own) ? (
        <Absent {...own} />
      ) : (
        <ObjectField {...own} object={shape.node} short={shape.short} />
      )
  }
}

/** An object that means something by being there. */
const isAbsent = ({ node, required, value }: FieldProps): boolean =>
  !required && value === undefined && node.default === undefined

function Absent(props: FieldProps) {
  const { readOnly } = useForm()
  const usual = defaultText(props.node) ?? 'none'
  return (
    <Group {...props}>
      <p class="quiet">
        Not set: {usual}.{' '}
        {!readOnly && (
          <button type="button" onClick={() => props.onChange({})}>
            Set {props.name.toLowerCase()}
          </button>
        )}
      </p>
    </Group>
  )
}
