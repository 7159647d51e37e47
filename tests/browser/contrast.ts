/** Runs in the page. WCAG 2.2, 1.4.3: the contrast of text and what is behind it, at least 4.5. */
export function textOfLowContrast(): string[] {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (canvas === null) throw new Error('no canvas')
  const rgb = (colour: string): number[] => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    return [...canvas.getImageData(0, 0, 1, 1).data]
  }
  const luminance = (colour: number[]): number => {
    const [r = 0, g = 0, b = 0] = colour
      .slice(0, 3)
      .map(part => part / 255)
      .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const groundOf = (element: Element | null): number[] => {
    if (element === null) return [255, 255, 255]
    const colour = rgb(getComputedStyle(element).backgroundColor)
    return colour[3] === 255 ? colour : groundOf(element.parentElement)
  }
  const found: string[] = []
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes]
      .filter(node => node.nodeType === Node.TEXT_NODE)
      .map(node => node.textContent?.trim())
      .join('')
    if (text === '') continue
    const [light = 0, dark = 0] = [rgb(getComputedStyle(element).color), groundOf(element)]
      .map(luminance)
      .sort((a, b) => b - a)
    const contrast = (light + 0.05) / (dark + 0.05)
    if (contrast < 4.5) found.push(`${contrast.toFixed(2)}: ${text}`)
  }
  return found
}
