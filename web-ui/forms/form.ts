import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { type Path, pathText } from './path.ts'
import type { Described, Schema } from './schema.ts'

/** What all fields of a form have in common. */
export type Form = {
  readonly schema: Schema
  readonly document: unknown
  /** Of this box. */
  readonly ports: readonly string[]
  readonly readOnly: boolean
  /** Why the box refuses what stands at a path. */
  readonly findings: ReadonlyMap<string, readonly string[]>
}

export const FormContext = createContext<Form | null>(null)

export function useForm(): Form {
  const form = useContext(FormContext)
  if (form === null) throw new Error('a field stands outside of a form')
  return form
}

/** One place of the document. */
export type FieldProps = {
  readonly node: Described
  readonly path: Path
  readonly name: string
  readonly value: unknown
  /** Undefined takes it out of the document. */
  readonly onChange: (value: unknown) => void
  /** It may not be left out. */
  readonly required: boolean
  /** Among others in a row: its help is shown when one asks for it. */
  readonly compact?: boolean
}

/** Something is, at that place or below it. */
export function isWrongIn(findings: Form['findings'], path: Path): boolean {
  const own = pathText(path)
  return [...findings.keys()].some(
    each => each === own || each.startsWith(`${own}.`) || each.startsWith(`${own}[`),
  )
}

export const idOf = (path: Path): string => `at:${pathText(path)}`

/** Opens what hides it; a place without a field is shown by what is around it. */
export function focusAt(path: Path): boolean {
  for (let length = path.length; length > 2; length -= 1) {
    const place = document.getElementById(idOf(path.slice(0, length)))
    if (place === null) continue
    for (let at: Element | null = place; at !== null; at = at.parentElement) {
      if (at instanceof HTMLDetailsElement) at.open = true
    }
    const field = place.matches('fieldset') ? place.querySelector('input, select, textarea') : place
    ;(field instanceof HTMLElement ? field : place).focus()
    place.scrollIntoView({ block: 'center' })
    return true
  }
  return false
}
