import { useEffect, useRef } from 'preact/hooks'
import type uPlot from 'uplot'
import { countText } from './rate-text.ts'

export type Line = { readonly name: string; readonly values: readonly (number | null)[] }

const height = 180
const colours = ['--line-1', '--line-2', '--line-3', '--line-4', '--line-5', '--line-6']

/**
 * Lines over the last hour, drawn by uPlot: its file is loaded with the first picture. Who cannot
 * see them reads the newest values.
 */
export function Curves({
  title,
  lines,
  everySeconds,
  endsAt,
}: {
  readonly title: string
  readonly lines: readonly Line[]
  readonly everySeconds: number
  readonly endsAt: string
}) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const names = lines.map(({ name }) => name).join('\n')

  useEffect(() => {
    let ended = false
    void import('uplot').then(({ default: Plot }) => {
      const on = place.current
      if (ended || on === null) return
      plot.current = new Plot(optionsOf(lines, on), dataOf(lines, everySeconds, endsAt), on)
    })
    const fit = (): void => {
      const width = place.current?.clientWidth ?? 0
      if (width > 0) plot.current?.setSize({ width, height })
    }
    addEventListener('resize', fit)
    return () => {
      ended = true
      removeEventListener('resize', fit)
      plot.current?.destroy()
      plot.current = null
    }
  }, [names])

  useEffect(() => {
    plot.current?.setData(dataOf(lines, everySeconds, endsAt))
  }, [lines, endsAt])

  return (
    <figure class="panel curve">
      <figcaption>
        {title}: <b>{lines.length === 1 ? newest(lines[0]) : `${lines.length} servers`}</b>
      </figcaption>
      <div ref={place} role="img" aria-label={spoken(title, lines)} />
    </figure>
  )
}

const newest = (line: Line | undefined): string => {
  const value = line?.values.findLast(each => each !== null) ?? null
  return value === null ? 'not known yet' : countText(value)
}

const mostSpoken = 10

const spoken = (title: string, lines: readonly Line[]): string =>
  `${title} in the last hour; now ${lines
    .slice(0, mostSpoken)
    .map(line => `${line.name} ${newest(line)}`)
    .join(', ')}`

function dataOf(lines: readonly Line[], everySeconds: number, endsAt: string): uPlot.AlignedData {
  const length = lines[0]?.values.length ?? 0
  const end = Date.parse(endsAt) / 1000
  const times = Array.from({ length }, (_, index) => end - (length - 1 - index) * everySeconds)
  return [times, ...lines.map(({ values }) => [...values])]
}

const hourText = (seconds: number): string =>
  new Date(seconds * 1000).toLocaleTimeString([], { hourCycle: 'h23', timeStyle: 'short' })

function optionsOf(lines: readonly Line[], on: HTMLElement): uPlot.Options {
  const style = getComputedStyle(on)
  const colour = (name: string): string => style.getPropertyValue(name).trim()
  const axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
  }
  return {
    width: on.clientWidth,
    height,
    legend: { show: lines.length > 1 },
    cursor: { drag: { x: false, y: false } },
    scales: { y: { range: (_, __, highest) => [0, Math.max(1, (highest ?? 0) * 1.1)] } },
    axes: [
      { ...axis, values: (_, splits) => splits.map(hourText) },
      { ...axis, size: 60, values: (_, splits) => splits.map(value => countText(value)) },
    ],
    series: [
      { label: 'Time' },
      ...lines.map(({ name }, index) => ({
        label: name,
        stroke: colour(colours[index % colours.length] ?? '--line-1'),
        width: 2,
        points: { show: false },
        value: (_: uPlot, value: number | null) => (value === null ? '' : countText(value)),
      })),
    ],
  }
}
