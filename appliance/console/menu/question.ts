import { mayAct, type Role } from '../../api/role.ts'
import type { Question } from '../../terminal/interview.ts'
import type { MenuFacts } from './facts.ts'

export const plain = { options: [], secret: false, suggestion: '', help: [] } as const

export const good = (): null => null

export type Item = { readonly value: string; readonly label: string; readonly role: Role }

/** One of several; what the role of the person does not suffice for is shown, and says so. */
export const choice = (
  id: string,
  title: string,
  help: readonly string[],
  items: readonly Item[],
  { person }: MenuFacts,
): Question => {
  const may = ({ role }: Item): boolean => person !== null && mayAct(person.role, role)
  return {
    ...plain,
    id,
    title,
    help,
    options: items.map(item => ({
      value: item.value,
      label: may(item) ? item.label : `${item.label} (for the role ${item.role})`,
    })),
    check: answer => {
      const item = items.find(({ value }) => value === answer)
      if (item === undefined || may(item)) return null
      return `This needs the role ${item.role}, and ${person?.user} has ${person?.role}.`
    },
  }
}

/** Enter alone does nothing. */
export const sure = (
  id: string,
  title: string,
  help: readonly string[],
  yes: string,
): Question => ({
  ...plain,
  id,
  title,
  help,
  options: [
    { value: 'no', label: 'no, go back' },
    { value: 'yes', label: yes },
  ],
  suggestion: 'no',
  check: good,
})
