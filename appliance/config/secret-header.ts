/** Headers of HTTP that carry credentials. Rather one too many: most names somebody has made up. */
export const secretHeader = /auth|cookie|token|secret|passw|key|credential|session|signature/i
