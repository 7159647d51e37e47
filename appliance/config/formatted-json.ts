/** As the formatter of this tree has it: a short list of plain values is one line. */
export const formattedJson = (value: unknown): string => `${written(value, '', 0)}\n`

const longestLine = 100

function written(value: unknown, indent: string, before: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const deeper = `${indent}  `
  const list = Array.isArray(value)
  const line = `[${list ? value.map(each => JSON.stringify(each)).join(', ') : ''}]`
  const scalars = list && value.every(each => typeof each !== 'object')
  // The comma that may follow counts too.
  if (scalars && indent.length + before + line.length < longestLine) return line
  const entries = list
    ? value.map(each => `${deeper}${written(each, deeper, 0)}`)
    : Object.entries(value).map(([key, each]) => {
        const start = `${JSON.stringify(key)}: `
        return `${deeper}${start}${written(each, deeper, start.length)}`
      })
  const [open, close] = list ? '[]' : '{}'
  if (entries.length === 0) return `${open}${close}`
  return `${open}\n${entries.join(',\n')}\n${indent}${close}`
}
