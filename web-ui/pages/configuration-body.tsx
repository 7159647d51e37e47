import { besideImport } from '../../appliance/config/beside-import.ts'
import type { Status } from '../../appliance/status/document.ts'
import { Field } from '../forms/field.tsx'
import { FormContext } from '../forms/form.ts'
import { Sheet } from '../forms/frame.tsx'
import { ObjectFields } from '../forms/object-field.tsx'
import { valueAt, withValueAt } from '../forms/path.ts'
import type { Schema } from '../forms/schema.ts'
import { pathOf, type Section, sectionsOf } from '../forms/sections.ts'
import { linkTo } from '../route.ts'
import type { User } from '../session.ts'
import { AlertChannels } from './alert-channels.tsx'
import { type Draft, type DraftControl, written } from './configuration-draft.ts'
import { Entries } from './configuration-entries.tsx'
import { Entry } from './configuration-entry.tsx'
import { JsonEditor } from './configuration-json.tsx'
import { Outline } from './configuration-outline.tsx'
import { FenceDevices } from './fence-devices.tsx'
import type { Found } from './findings.tsx'
import { History } from './history.tsx'
import { Import } from './import.tsx'

type Props = {
  readonly schema: Schema
  readonly control: DraftControl
  readonly draft: Draft
  readonly status: Status
  readonly user: User
  readonly words: readonly string[]
  readonly isAdmin: boolean
  readonly found: readonly Found[]
  readonly edit: (document: unknown) => void
  readonly back: ((number: number) => Promise<void>) | null
}

/** The outline, and beside it the page of the document that the address names. */
export function ConfigurationBody(props: Props) {
  const { schema, draft, status, isAdmin, found } = props
  const ports = status.ports.map(({ name }) => name)
  const sections = sectionsOf(schema)
  const [home] = sections
  const words = props.words.length === 0 && home !== undefined ? pathOf(home) : props.words
  const findings = new Map<string, string[]>()
  for (const { path, beside } of found) findings.set(path, [...(findings.get(path) ?? []), beside])
  const form = { schema, document: draft.document, ports, readOnly: !isAdmin, findings }
  return (
    <FormContext.Provider value={form}>
      <div class="configuration">
        <Outline sections={sections} document={draft.document} words={words} mayImport={isAdmin} />
        <div class="part">
          <Part {...props} words={words} sections={sections} />
        </div>
      </div>
    </FormContext.Provider>
  )
}

function Part(props: Props & { readonly sections: readonly Section[] }) {
  const { schema, control, draft, status, user, words, isAdmin } = props
  const { found, sections, edit, back } = props
  const [part = '', key = '', entry] = words
  const { document } = draft
  if (part === 'history') {
    return <History newest={status.configuration?.revision ?? 0} back={back} />
  }
  if (part === 'json') {
    return (
      <JsonEditor
        schema={schema}
        document={document}
        text={draft.text ?? written(document)}
        found={found}
        readOnly={!isAdmin}
        type={control.type}
      />
    )
  }
  if (part === 'import' && isAdmin) {
    return (
      <Import
        take={taken => {
          edit(besideImport(draft.base.document, taken).document)
          location.hash = linkTo('configuration')
        }}
      />
    )
  }
  const section = sections.find(each => each.part === part && each.key === key)
  if (section === undefined) return <p>There is no such part of the configuration.</p>
  if (control.isBroken) {
    return (
      <p class="notice">
        What is typed <a href={linkTo('configuration', 'json')}>as JSON</a> is not valid yet: forms
        can show it when it is.
      </p>
    )
  }
  const path = pathOf(section)
  if (entry !== undefined) {
    return <Entry key={entry} section={section} name={entry} edit={edit} />
  }
  if (section.isTable) {
    return (
      <Entries
        key={path.join()}
        section={section}
        add={(name, value) => {
          edit(withValueAt(document, [...path, name], value))
          location.hash = linkTo('configuration', ...path, name)
        }}
      />
    )
  }
  if (key === 'general') {
    return (
      <>
        <h2>{section.label}</h2>
        <ObjectFields
          path={[part]}
          object={section.node}
          short={null}
          value={valueAt(document, [part])}
          onChange={next => edit(withValueAt(document, [part], next ?? {}))}
        />
      </>
    )
  }
  return (
    <>
      <Sheet key={path.join()}>
        <Field
          node={section.node}
          path={path}
          name={section.label}
          value={valueAt(document, path)}
          required={false}
          onChange={next => edit(withValueAt(document, path, next))}
        />
      </Sheet>
      {part === 'cluster' && key === 'alerts' && (
        <AlertChannels channels={status.alerts} user={user} isAtForms />
      )}
      {part === 'cluster' && key === 'fencing' && (
        <FenceDevices fencing={status.fencing} user={user} isAtForms />
      )}
    </>
  )
}
