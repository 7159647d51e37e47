/** Two pillars and what they hold between them. */
export function Mark() {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <path d="M2 1h4v18H2zM14 1h4v18h-4z" />
      <path class="between" d="M8.25 8.25h3.5v3.5h-3.5z" />
    </svg>
  )
}
