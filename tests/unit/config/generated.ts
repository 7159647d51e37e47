import { resolve } from 'node:path'
import { openApi } from '../../../appliance/api/openapi.ts'
import { operations } from '../../../appliance/api/operations.ts'
import { apiReference } from '../../../appliance/api/reference.ts'
import { editorSchema } from '../../../appliance/config/editor-schema.ts'
import { formattedJson } from '../../../appliance/config/formatted-json.ts'
import { referencePage } from '../../../appliance/config/reference.ts'
import { setupSchema } from '../../../appliance/setup/answer-schema.ts'

const folder = resolve(import.meta.dirname, '../../../docs/reference')

/** The documents that are made from the schema, and from the table of operations. */
export const generated = (): readonly { readonly path: string; readonly text: string }[] => [
  { path: resolve(folder, 'configuration.md'), text: referencePage() },
  { path: resolve(folder, 'configuration.schema.json'), text: editorSchema() },
  { path: resolve(folder, 'setup.schema.json'), text: setupSchema() },
  { path: resolve(folder, 'api.md'), text: apiReference(operations) },
  { path: resolve(folder, 'openapi.json'), text: formattedJson(openApi(operations)) },
]
