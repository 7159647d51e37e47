/** `@id LINE` stands for one box, `@^id LINE` for all others; the id is that of `keepalived -i`. */

export type Condition =
  | { readonly kind: 'holds'; readonly rest: string }
  | { readonly kind: 'other'; readonly id: string }
  /** It cannot be said: nobody gave an id. */
  | { readonly kind: 'no-id'; readonly id: string }
  /** Keepalived drops it without a word. */
  | { readonly kind: 'incomplete' }

const conditional = /^@(\^?)([^ \t]*)[ \t]*(.*)$/s

/** `text` begins with `@`. */
export function conditionOf(text: string, configId: string | null): Condition {
  const [, not = '', id = '', rest = ''] = conditional.exec(text) ?? []
  if (id === '' || rest === '') return { kind: 'incomplete' }
  if (configId === null) return not === '' ? { kind: 'no-id', id } : { kind: 'holds', rest }
  return (id === configId) === (not === '') ? { kind: 'holds', rest } : { kind: 'other', id }
}
