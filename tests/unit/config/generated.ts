import { resolve } from 'node:path'
import { editorSchema } from '../../../appliance/config/editor-schema.ts'
import { referencePage } from '../../../appliance/config/reference.ts'

const folder = resolve(import.meta.dirname, '../../../docs/reference')

/** The documents that are made from the schema. */
export const generated = (): readonly { readonly path: string; readonly text: string }[] => [
  { path: resolve(folder, 'configuration.md'), text: referencePage() },
  { path: resolve(folder, 'configuration.schema.json'), text: editorSchema() },
]
