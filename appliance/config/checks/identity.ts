import { contradiction, type Problem } from '../finding.ts'
import type { WholeRouter } from '../whole-router.ts'

/**
 * On one network and family a virtual router is known by its number alone, on second paths too:
 * there a priority 0 of the one would end the other.
 */
export function identityProblems(routers: readonly WholeRouter[]): readonly Problem[] {
  const holders = new Map<string, string>()
  return routers.flatMap(({ name, path, router, family, ...whole }): Problem[] => {
    if (whole.interface === null) {
      const where = `node.routers.${name}`
      return [contradiction([...path, 'interface'], `an interface, here or in ${where}`)]
    }
    const number = router.virtualRouterId
    const twice = [whole.interface, ...new Set(router.secondPaths)].flatMap(on => {
      const other = holders.get(`${on} ${family} ${number}`)
      holders.set(`${on} ${family} ${number}`, name)
      return other === undefined || other === name ? [] : { on, other }
    })
    return [
      ...twice
        .slice(0, 1)
        .map(({ on, other }) =>
          contradiction(
            [...path, 'virtualRouterId'],
            `another number: ${other} has it on ${on} for ${family} too`,
          ),
        ),
      ...secondPathProblems(path, router.secondPaths, whole.interface),
    ]
  })
}

const secondPathProblems = (
  path: WholeRouter['path'],
  names: readonly string[],
  own: string,
): readonly Problem[] =>
  names.flatMap((name, index) => {
    const at = [...path, 'secondPaths', index]
    if (name === own) return [contradiction(at, "another interface than the router's own")]
    return names.indexOf(name) < index ? [contradiction(at, 'each interface once')] : []
  })
