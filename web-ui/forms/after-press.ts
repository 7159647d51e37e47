let isPressed = false
const press = (): void => {
  isPressed = true
}
const release = (): void => {
  isPressed = false
}
const ends = ['pointerup', 'pointercancel'] as const
addEventListener('pointerdown', press, true)
for (const end of ends) addEventListener(end, release, true)

/** What moves the page waits until a press has ended: else its click ends beside what was meant. */
export function afterPress(act: () => void): void {
  if (isPressed)
    for (const end of ends) addEventListener(end, () => setTimeout(act), { once: true })
  else act()
}
