import { Component, type ComponentChild } from 'preact'

/** Rendered again only when one of its properties is another thing than before. */
export const memo = <P extends object>(render: (props: P) => ComponentChild) =>
  class extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const now = this.props
      return (Object.keys(next) as (keyof P)[]).some(key => next[key] !== now[key])
    }

    override render(): ComponentChild {
      return render(this.props)
    }
  }
