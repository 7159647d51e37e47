/** What was built from a changed tree says so: it is not the commit whose name it bears. */
export const commitText = (commit: string): string =>
  commit.replace(/^([0-9a-f]{7})[0-9a-f]+/, '$1')
