import { useEffect, useState } from 'preact/hooks'
import type { ShownConfiguration } from '../../appliance/api/configuration.ts'
import { ask } from '../api.ts'

/** What somebody makes of the configuration before it is applied. */
export type Draft = {
  /** On top of which it is made. */
  readonly base: ShownConfiguration
  readonly document: unknown
  /** As it is typed; null: nobody has typed JSON. */
  readonly text: string | null
}

export type DraftControl = {
  readonly draft: Draft | null
  readonly isNew: boolean
  /** What was typed is no JSON, so no form can show it. */
  readonly isBroken: boolean
  readonly load: () => Promise<void>
  readonly edit: (document: unknown) => void
  readonly type: (text: string) => void
  readonly drop: () => void
}

/** Nothing is lost by looking at another page. Another user does not get it. */
let kept: { readonly user: string; readonly draft: Draft } | null = null

export function useDraft(user: string): DraftControl {
  const [draft, setDraft] = useState<Draft | null>(kept?.user === user ? kept.draft : null)
  const keep = (next: Draft): void => {
    kept = { user, draft: next }
    setDraft(next)
  }
  const isNew = draft !== null && isOther(draft)

  useEffect(() => {
    if (!isNew) return
    const asked = (event: Event): void => event.preventDefault()
    addEventListener('beforeunload', asked)
    return () => removeEventListener('beforeunload', asked)
  }, [isNew])

  return {
    draft,
    isNew,
    isBroken: draft?.text !== null && draft?.text !== undefined && !parsed(draft.text).isJson,
    load: async () => {
      const base = await ask<ShownConfiguration>('GET', '/api/v1/configuration')
      keep({ base, document: base.document, text: null })
    },
    edit: document => draft !== null && keep({ ...draft, document, text: null }),
    type: text => {
      if (draft === null) return
      const { isJson, value } = parsed(text)
      keep({ ...draft, text, document: isJson ? value : draft.document })
    },
    drop: () => draft !== null && keep({ ...draft, document: draft.base.document, text: null }),
  }
}

const isOther = ({ base, document, text }: Draft): boolean =>
  text === null ? document !== base.document : text !== written(base.document)

export const written = (document: unknown): string =>
  document === null ? '' : `${JSON.stringify(document, null, 2)}\n`

function parsed(text: string): { readonly isJson: boolean; readonly value: unknown } {
  try {
    return { isJson: true, value: JSON.parse(text) }
  } catch {
    return { isJson: false, value: null }
  }
}
