/** Of an entry of the configuration, as that takes it. */
export const NameField = () => (
  <label>
    Name
    <input
      name="name"
      required
      autocomplete="off"
      pattern="[A-Za-z0-9][\w.:\-]{0,63}"
      title="A letter or digit first, then letters, digits and . : - _"
    />
  </label>
)
