import type { ComponentChildren, JSX } from 'preact'
import { type FieldProps, idOf, useForm } from './form.ts'
import { pathText } from './path.ts'

type FrameProps = Pick<FieldProps, 'path' | 'name' | 'compact' | 'required'> & {
  readonly help: string
  /** What the field itself finds wrong. */
  readonly trouble?: string | null
}

/** Around all fields of a page: nothing is sent by Enter. */
export const Sheet = ({ children }: { readonly children: ComponentChildren }) => (
  <form class="sheet-of-fields" autocomplete="off" onSubmit={event => event.preventDefault()}>
    {children}
  </form>
)

/** Around one control: its label before it, its help and what is wrong with it behind it. */
export function Frame({
  path,
  name,
  compact = false,
  required,
  help,
  trouble = null,
  children,
}: FrameProps & {
  readonly children: (
    id: string,
    about: { 'aria-describedby'?: string; 'aria-invalid'?: boolean },
  ) => JSX.Element
}) {
  const { findings } = useForm()
  const id = idOf(path)
  const found = findings.get(pathText(path)) ?? (trouble === null ? [] : [trouble])
  const described = [
    ...(help === '' || compact ? [] : [`${id}:help`]),
    ...(found.length === 0 ? [] : [`${id}:wrong`]),
  ]
  const about = {
    ...(described.length === 0 ? {} : { 'aria-describedby': described.join(' ') }),
    ...(found.length === 0 ? {} : { 'aria-invalid': true }),
  }
  return (
    <div class={compact ? 'field compact' : 'field'}>
      <label for={id} title={compact ? help : undefined}>
        <span>
          {name}
          {required && <span aria-hidden="true"> *</span>}
        </span>
      </label>
      <div class="control">
        {children(id, about)}
        <Wrong id={`${id}:wrong`} found={found} />
      </div>
      {help !== '' && !compact && (
        <p class="help" id={`${id}:help`}>
          <Text text={help} />
        </p>
      )}
    </div>
  )
}

/** Around several fields. */
export function Group({
  path,
  name,
  node,
  compact = false,
  children,
}: Pick<FieldProps, 'path' | 'name' | 'node' | 'compact'> & {
  readonly children: ComponentChildren
}) {
  const { findings } = useForm()
  const id = idOf(path)
  return (
    <fieldset id={id} tabIndex={-1} class={compact ? 'group compact' : 'group'}>
      <legend>{name}</legend>
      {!compact && node.description !== undefined && (
        <p class="help">
          <Text text={node.description} />
        </p>
      )}
      <Wrong id={`${id}:wrong`} found={findings.get(pathText(path)) ?? []} />
      {children}
    </fieldset>
  )
}

export const Wrong = ({ id, found }: { readonly id: string; readonly found: readonly string[] }) =>
  found.length === 0 ? null : (
    <p class="wrong" id={id}>
      {found.join('. ')}
    </p>
  )

/** What stands in backticks is code. */
export const Text = ({ text }: { readonly text: string }) => (
  <>
    {text
      .split('`')
      .map((part, index) =>
        index % 2 === 1 ? <code key={`${index} ${part}`}>{part}</code> : part,
      )}
  </>
)
