import type { ComponentChildren, JSX } from 'preact'

export type Row = {
  readonly key: string
  /** The first one names the row. */
  readonly cells: readonly ComponentChildren[]
}

/** On a narrow screen each row becomes a block, and each cell says its heading itself. */
export function Table({
  headings,
  rows,
  none,
}: {
  /** An empty one is of buttons. */
  readonly headings: readonly string[]
  readonly rows: readonly Row[]
  /** Instead of a table without rows. */
  readonly none: string
}) {
  if (rows.length === 0) return <p class="quiet">{none}</p>
  return (
    <TableFrame headings={headings}>
      {rows.map(({ key, cells: [first, ...others] }) => (
        <tr key={key}>
          <th scope="row">{first}</th>
          {others.map((cell, index) => (
            <Cell key={headings[index + 1]} heading={headings[index + 1] ?? ''}>
              {cell}
            </Cell>
          ))}
        </tr>
      ))}
    </TableFrame>
  )
}

export const Cell = ({
  heading,
  children,
}: {
  readonly heading: string
  readonly children: ComponentChildren
}): JSX.Element =>
  heading === '' ? <td class="actions">{children}</td> : <td data-heading={heading}>{children}</td>

export const TableFrame = ({
  headings,
  children,
}: {
  readonly headings: readonly string[]
  readonly children: ComponentChildren
}) => (
  <div class="panel wide">
    <table>
      <thead>
        <tr>
          {headings.map(heading =>
            heading === '' ? (
              <td key="actions" />
            ) : (
              <th key={heading} scope="col">
                {heading}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
)
